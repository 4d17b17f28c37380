import { describe, expect, it } from 'vitest';
import type { AssetId } from '../../../src/core/base/ids.ts';
import { createDesk } from '../../../src/ui/review/desk.ts';
import { createWorkspace } from '../../../src/ui/workspace/workspace.ts';
import { createFakeStudio } from './fake-studio.ts';
import { comment } from './review-data.ts';

const FRAME_US = 1_001_000 / 30;
const at = (frame: number) => Math.round(frame * FRAME_US);

function make() {
  const studio = createFakeStudio({ settings: { author: 'Ana' } });
  const workspace = createWorkspace(studio);
  const desk = createDesk(studio, workspace);
  return {
    studio,
    workspace,
    desk,
    player: () => workspace.get().player!,
    all: () => [...studio.review.get().values()],
  };
}

describe('writing a comment', () => {
  it('is about the frame on display when its first letter comes, and stops the player', () => {
    const { desk, player, all } = make();
    player().seek(at(10));
    desk.begin();
    // Going elsewhere before anything is written is not against the person's will.
    player().seek(at(20));
    player().play();
    desk.change({ text: 'H' });
    expect(player().get().playing).toBe(false);
    const timeUs = player().get().timeUs;
    player().seek(at(30));
    desk.change({ text: 'Hello' });
    expect(desk.send()?.ok).toBe(true);
    expect(all()).toMatchObject([{ text: 'Hello', author: 'Ana', timeUs, durationUs: null, resolved: null }]);
    expect(desk.draftNow()).toBeNull();
    expect(desk.get().selected).toBe(all()[0]!.id);
  });

  it('is over the marked range, whose marks are then used up', () => {
    const { desk, workspace, player, all } = make();
    player().seek(at(10));
    workspace.markIn();
    player().seek(at(19));
    workspace.markOut();
    desk.change({ text: 'All of this' });
    desk.send();
    expect(all()).toMatchObject([{ timeUs: at(10), durationUs: at(20) - at(10) }]);
    expect(workspace.get().marks).toEqual({ inUs: null, outUs: null });
  });

  it('sends nothing that says nothing', () => {
    const { desk, all } = make();
    expect(desk.send()).toBeNull();
    desk.change({ text: '  ' });
    desk.draw([{ kind: 'text', x: 0, y: 0, text: ' ' }]);
    expect(desk.send()).toBeNull();
    expect(all()).toEqual([]);
  });

  it('keeps what is written for each file', () => {
    const { desk, workspace, studio } = make();
    desk.change({ text: 'First file' });
    const [, second] = studio.assets.get();
    workspace.openAsset(second!.asset.id);
    expect(desk.draftNow()).toBeNull();
    workspace.openAsset('a1' as AssetId);
    expect(desk.draftNow()?.text).toBe('First file');
    desk.cancel();
    expect(desk.draftNow()).toBeNull();
  });

  it('remembers colour and category for the next one', () => {
    const { desk, all } = make();
    desk.change({ text: 'One', category: 'Sound' });
    desk.setColor('#52c41a');
    desk.send();
    desk.change({ text: 'Two' });
    desk.send();
    expect(all()[1]).toMatchObject({ color: '#52c41a', category: 'Sound' });
  });
});

describe('drawing', () => {
  const box = { kind: 'box' as const, x: 0.1, y: 0.1, w: 0.2, h: 0.2 };

  it('takes strokes back one by one, a drag as one, before anything that is saved', () => {
    const { desk } = make();
    desk.begin();
    desk.draw([box], { merge: 'drag' });
    desk.draw([{ ...box, w: 0.3 }], { merge: 'drag' });
    desk.draw([{ ...box, w: 0.3 }, box]);
    expect(desk.undoShape()).toBe(true);
    expect(desk.draftNow()?.shapes).toEqual([{ ...box, w: 0.3 }]);
    expect(desk.undoShape()).toBe(true);
    expect(desk.draftNow()?.shapes).toEqual([]);
    expect(desk.undoShape()).toBe(false);
    expect(desk.redoShape()).toBe(true);
    expect(desk.redoShape()).toBe(true);
    expect(desk.redoShape()).toBe(false);
    expect(desk.draftNow()?.shapes).toHaveLength(2);
  });

  it('goes to the frame that the draft is about', () => {
    const { desk, player } = make();
    player().seek(at(10));
    desk.change({ text: 'Here' });
    player().seek(at(100));
    desk.pickTool('box');
    expect(player().get().frame).toBe(10);
    expect(desk.get().tool).toBe('box');
  });
});

describe('changing comments', () => {
  it('changes all of one in one step, and one that is gone becomes new', () => {
    const { desk, studio, all } = make();
    const old = comment(at(5), { text: 'Old' });
    studio.review.dispatch({ type: 'addComments', comments: [old] });
    desk.edit(old.id);
    expect(desk.draftNow()).toMatchObject({ text: 'Old', timeUs: at(5) });
    desk.change({ text: 'New' });
    studio.review.dispatch({ type: 'removeComments', ids: [old.id] });
    expect(desk.send()).toMatchObject({ ok: false, error: { reason: 'unknown_comment' } });
    expect(desk.send()?.ok).toBe(true);
    expect(all()).toMatchObject([{ text: 'New', timeUs: at(5) }]);
  });

  it('goes on to the neighbour when one is deleted', () => {
    const { desk, studio, all } = make();
    const list = [comment(0), comment(at(5)), comment(at(9))];
    studio.review.dispatch({ type: 'addComments', comments: list });
    desk.select(list[1]!.id);
    desk.remove(list[1]!.id);
    expect(all()).toHaveLength(2);
    expect(desk.get().selected).toBe(list[2]!.id);
  });

  it('steps only through what is looked for, and loops what one is about', () => {
    const { desk, studio, player } = make();
    const list = [comment(0), comment(at(5), { text: 'Find me' }), comment(at(9))];
    studio.review.dispatch({ type: 'addComments', comments: list });
    desk.setFilter({ query: 'find' });
    expect(desk.step(1)?.number).toBe(2);
    expect(player().get().frame).toBe(5);
    expect(desk.loop(list[1]!.id)).toBe(true);
    expect(player().get().playing).toBe(true);
    player().pause();
    expect(desk.loop(null)).toBe(false);
  });

  it('is not for those who may not write', () => {
    const studio = { ...createFakeStudio(), allows: () => false };
    const desk = createDesk(studio, createWorkspace(studio));
    expect(desk.begin()).toBeNull();
    desk.change({ text: 'No' });
    expect(desk.draftNow()).toBeNull();
  });
});
