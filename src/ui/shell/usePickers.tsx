import { useMemo, useRef, type ReactNode } from 'react';
import type { AssetId } from '../../core/base/ids.ts';
import type { Studio } from '../../app/studio/types.ts';

/** Opens the dialogs for files and folders; the hidden inputs serve browsers without file handles. */
export function usePickers(
  studio: Studio,
  openFilm: () => AssetId | null,
): {
  readonly pickFiles: () => void;
  readonly pickFolder: () => void;
  readonly inputs: ReactNode;
} {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const actions = useMemo(() => {
    const pick = async (): Promise<void> => {
      if (!('showOpenFilePicker' in window)) {
        files.current?.click();
        return;
      }
      const handles = await window.showOpenFilePicker({ multiple: true }).catch(dismissed);
      if (handles === 'refused') files.current?.click();
      else if (handles !== 'dismissed') await studio.importItems(handles, openFilm());
    };
    const pickAFolder = async (): Promise<void> => {
      if (!('showDirectoryPicker' in window)) {
        folder.current?.click();
        return;
      }
      const handle = await window.showDirectoryPicker().catch(dismissed);
      if (handle === 'refused') folder.current?.click();
      else if (handle !== 'dismissed') await studio.importItems([handle]);
    };
    return { pickFiles: () => void pick(), pickFolder: () => void pickAFolder() };
  }, [studio, openFilm]);

  const take = (input: HTMLInputElement): void => {
    const chosen = [...(input.files ?? [])];
    input.value = '';
    if (chosen.length > 0) void studio.importItems(chosen, openFilm());
  };
  const inputs = (
    <>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        data-testid="file-input"
        onChange={(event) => {
          take(event.currentTarget);
        }}
      />
      <input
        ref={(element) => {
          element?.setAttribute('webkitdirectory', '');
          folder.current = element;
        }}
        type="file"
        multiple
        hidden
        data-testid="folder-input"
        onChange={(event) => {
          take(event.currentTarget);
        }}
      />
    </>
  );
  return { ...actions, inputs };
}

/** Closing the dialog is no failure; a frame without permission falls back to the input. */
function dismissed(error: unknown): 'dismissed' | 'refused' {
  return error instanceof DOMException && error.name === 'AbortError' ? 'dismissed' : 'refused';
}
