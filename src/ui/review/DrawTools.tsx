import { useT } from '../messages/i18n.tsx';
import { IconButton } from '../parts/controls.tsx';
import { useDesk, useSurroundings } from '../workspace/context.tsx';
import type { Draft, Tool } from './desk.ts';
import { inTheMiddle } from './geometry.ts';

const TOOLS: readonly Tool[] = ['box', 'ellipse', 'arrow', 'freehand', 'text'];

/** What is drawn with. By keyboard a tool puts its shape into the middle, to be moved and resized from there. */
export function DrawTools({ draft }: { readonly draft: Draft }) {
  const t = useT();
  const { desk } = useSurroundings();
  const tool = useDesk((state) => state.tool);
  const untimed = draft.timeUs === null;
  return (
    <div className="draw-tools" role="group" aria-label={t('review.tools')}>
      {TOOLS.map((one) => (
        <IconButton
          key={one}
          icon={one}
          label={t(`review.tool.${one}`)}
          aria-pressed={tool === one}
          disabled={untimed}
          onClick={(event) => {
            if (event.detail > 0) {
              desk.pickTool(tool === one ? null : one);
              return;
            }
            desk.pickTool(null);
            desk.showDraft(draft);
            desk.draw([...draft.shapes, inTheMiddle(one, '')], { shape: draft.shapes.length });
          }}
        />
      ))}
      <span className="draw-line" aria-hidden="true" />
      <IconButton
        icon="undo"
        label={t('review.undoShape')}
        disabled={draft.past.length === 0}
        onClick={() => {
          desk.undoShape();
        }}
      />
      <IconButton
        icon="redo"
        label={t('review.redoShape')}
        disabled={draft.future.length === 0}
        onClick={() => {
          desk.redoShape();
        }}
      />
    </div>
  );
}
