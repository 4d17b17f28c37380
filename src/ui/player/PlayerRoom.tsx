import { useRef } from 'react';
import { useT } from '../messages/i18n.tsx';
import { Composer } from '../review/Composer.tsx';
import { Timeline } from '../timeline/Timeline.tsx';
import { useOpenAsset, useSurroundings, useWatchPart } from '../workspace/context.tsx';
import { EmptyStudio } from './EmptyStudio.tsx';
import { Transport } from './Transport.tsx';
import { Viewer } from './Viewer.tsx';

/** The room in the middle: viewer, transport and time line, or what to do first. */
export function PlayerRoom() {
  const t = useT();
  const { studio } = useSurroundings();
  const empty = useWatchPart(studio.assets, (assets) => assets.length === 0);
  const open = useOpenAsset();
  const screen = useRef<HTMLElement>(null);
  if (empty) return <EmptyStudio />;
  return (
    <section className="player" ref={screen} aria-label={t('viewer.label')}>
      <Viewer view={open} />
      {open === null ? <span /> : <Composer view={open} />}
      <Transport view={open} screen={screen} />
      <Timeline view={open} />
    </section>
  );
}
