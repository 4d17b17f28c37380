import { useLayoutEffect, useState } from 'react';
import type { AssetId } from '../../core/base/ids.ts';
import type { Studio } from '../../app/studio/types.ts';

/**
 * Files dropped anywhere on the page are imported; true while something hangs over it.
 *
 * @param openFilm the film that lists of comments belong to
 */
export function useDrop(studio: Studio, openFilm: () => AssetId | null): boolean {
  const [over, setOver] = useState(false);
  // As soon as the page shows: what is dropped right then must not be lost.
  useLayoutEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    let depth = 0;
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
    const enter = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth += 1;
      setOver(true);
    };
    const stay = (event: DragEvent): void => {
      if (!hasFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    };
    const leave = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      depth = 0;
      setOver(false);
      if (!hasFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      // The list of files is gone after the event: it has to be asked for now.
      void studio.filesOfDrop(event.dataTransfer).then((files) => studio.importItems(files, openFilm()));
    };
    const paste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) void studio.importItems(files, openFilm());
    };
    addEventListener('dragenter', enter, { signal });
    addEventListener('dragover', stay, { signal });
    addEventListener('dragleave', leave, { signal });
    addEventListener('drop', drop, { signal });
    addEventListener('paste', paste, { signal });
    return () => {
      stop.abort();
    };
  }, [studio, openFilm]);
  return over;
}
