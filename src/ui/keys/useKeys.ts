import { useEffect, useEffectEvent } from 'react';
import { SECOND_US } from '../core.ts';
import { useT } from '../messages/i18n.tsx';
import { useMarking } from '../player/useMarking.ts';
import { useReviewKeys } from '../review/useReviewKeys.ts';
import { requestZoom } from '../timeline/zoom-signal.ts';
import { useSurroundings } from '../workspace/context.tsx';
import { actionOf, keepsKey, takesText, type KeyAction } from './keymap.ts';

/** The keyboard of the whole page. */
export function useKeys(options: { readonly singleKeys: boolean; readonly onHelp: () => void }): void {
  const t = useT();
  const { studio, workspace, desk, announce } = useSurroundings();
  const review = useReviewKeys();
  const marking = useMarking();

  const move = (by: 1 | -1): void => {
    const { clipId } = workspace.get();
    if (clipId === null) return;
    const place = workspace.moveClip(clipId, workspace.placeOf(clipId) + by);
    if (place !== null) announce(t('reel.moved', { n: place }), { quiet: true });
  };
  const act = (action: KeyAction): void => {
    const { player, clipId } = workspace.get();
    const changeable = !studio.document.get().readOnly;
    switch (action) {
      case 'toggle':
        player?.toggle();
        return;
      case 'shuttleBack':
        workspace.shuttle(-1);
        return;
      case 'shuttleForward':
        workspace.shuttle(1);
        return;
      case 'shuttleStop':
        player?.pause();
        return;
      case 'frameBack':
        player?.step(-1);
        return;
      case 'frameForward':
        player?.step(1);
        return;
      case 'secondBack':
        workspace.nudge(-SECOND_US);
        return;
      case 'secondForward':
        workspace.nudge(SECOND_US);
        return;
      case 'markIn':
        marking.markIn();
        return;
      case 'markOut':
        marking.markOut();
        return;
      case 'clearMarks':
        workspace.clearMarks();
        return;
      case 'addRange':
        if (changeable) marking.addRange();
        return;
      case 'editPrevious':
        workspace.goToEditPoint(-1);
        return;
      case 'editNext':
        workspace.goToEditPoint(1);
        return;
      case 'start':
        player?.seek(0);
        return;
      case 'end':
        player?.seek(Math.max(0, player.get().durationUs - 1));
        return;
      case 'goto':
        document.querySelector<HTMLInputElement>('.timecode input')?.focus();
        return;
      case 'undo':
        // What is drawn and not sent yet comes before what is saved.
        if (!desk.undoShape()) studio.document.undo();
        return;
      case 'redo':
        if (!desk.redoShape()) studio.document.redo();
        return;
      case 'remove': {
        if (review.removes()) {
          if (changeable) review.remove();
          return;
        }
        const n = clipId === null || !changeable ? null : workspace.removeClip(clipId);
        if (n !== null) announce(t('reel.removed', { n }));
        return;
      }
      case 'zoomIn':
        requestZoom('in');
        return;
      case 'zoomOut':
        requestZoom('out');
        return;
      case 'loop':
        if (clipId !== null) workspace.playClip(clipId, true);
        return;
      case 'moveUp':
        if (changeable) move(-1);
        return;
      case 'moveDown':
        if (changeable) move(1);
        return;
      case 'comment':
        review.write();
        return;
      case 'commentPrevious':
        review.jump(-1);
        return;
      case 'commentNext':
        review.jump(1);
        return;
      case 'commentLoop':
        desk.loop(desk.get().selected);
        return;
      case 'commentSearch':
        review.search();
        return;
      case 'help':
        options.onHelp();
        return;
    }
  };

  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    const target = event.target instanceof HTMLElement ? event.target : null;
    const action = actionOf(event, { singleKeys: options.singleKeys });
    // A choice or a slider has no use for "?": help opens from there, too.
    const keeps = action === 'help' ? takesText : keepsKey;
    if (target !== null && keeps(target, event.code)) return;
    // An open dialog or menu has the keyboard to itself.
    if (document.querySelector('dialog[open], [popover]:popover-open') !== null) return;
    if (action === null) return;
    event.preventDefault();
    act(action);
  });

  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      press(event);
    };
    addEventListener('keydown', listen);
    return () => {
      removeEventListener('keydown', listen);
    };
  }, []);
}
