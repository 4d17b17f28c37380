/** Identifiers are opaque strings, branded so that one cannot stand where another belongs. */
declare const idBrand: unique symbol;
type Branded<Name extends string> = string & { readonly [idBrand]: Name };

/** An imported file. */
export type AssetId = Branded<'asset'>;
/** A clip of the reel: a source range. */
export type ClipId = Branded<'clip'>;
/** An export job. */
export type ExportId = Branded<'export'>;
/** A scene of an asset. */
export type SceneId = Branded<'scene'>;
/** A comment. */
export type AnnotationId = Branded<'annotation'>;
