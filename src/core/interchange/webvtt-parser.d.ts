/** What is used of the package, which has no types. */
declare module 'webvtt-parser' {
  /** Text, a tag, or a time inside a cue. */
  export interface WebVTTNode {
    readonly type: 'text' | 'object' | 'timestamp';
    /** Name of a tag. */
    readonly name?: string;
    /** Text, or what a tag is annotated with: who speaks. */
    readonly value?: string | number;
    readonly children?: readonly WebVTTNode[];
  }
  export interface WebVTTCue {
    /** Seconds. */
    readonly startTime: number;
    readonly endTime: number;
    readonly text: string;
    readonly tree: { readonly children: readonly WebVTTNode[] };
    readonly direction: string;
    readonly snapToLines: boolean;
    readonly linePosition: string | number;
    readonly textPosition: string | number;
    readonly size: number;
    readonly alignment: string;
  }
  export class WebVTTParser {
    /** @param entities what `&amp;` and its like mean, by their names with `&` and `;` */
    constructor(entities?: Readonly<Record<string, string>>);
    parse(text: string, mode?: string): { readonly cues: readonly WebVTTCue[] };
  }
}
