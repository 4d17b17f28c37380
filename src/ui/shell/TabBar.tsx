import { useT } from '../messages/i18n.tsx';
import { useOpenComments } from '../review/useReview.ts';
import { Icon, type IconName } from '../parts/icons.tsx';
import { useExports, useSurroundings, useWatchPart, useWorkspace } from '../workspace/context.tsx';
import type { Room } from '../workspace/workspace.ts';

const TABS: readonly { readonly room: Room; readonly icon: IconName }[] = [
  { room: 'media', icon: 'film' },
  { room: 'player', icon: 'play' },
  { room: 'comments', icon: 'comment' },
  { room: 'ranges', icon: 'ranges' },
  { room: 'export', icon: 'share' },
];

/** One room at a time on narrow screens. */
export function TabBar() {
  const t = useT();
  const { studio, workspace } = useSurroundings();
  const shown = useWorkspace((state) => state.room);
  const ranges = useWatchPart(studio.document, (state) => state.document.clips.length);
  const comments = useOpenComments();
  const files = useWatchPart(studio.assets, (assets) => assets.length);
  const running = useExports().filter(({ record }) => record.status === 'processing').length;
  const counts: Readonly<Record<Room, number>> = {
    media: files,
    player: 0,
    comments,
    ranges,
    export: running,
  };
  return (
    <nav className="tab-bar">
      <div className="tabs" role="tablist" aria-label={t('tabs.label')}>
        {TABS.map(({ room, icon }) => (
          <button
            key={room}
            type="button"
            role="tab"
            id={`tab-${room}`}
            aria-label={t(`tabs.${room}`)}
            aria-controls={`room-${room}`}
            aria-selected={room === shown}
            tabIndex={room === shown ? 0 : -1}
            onClick={() => {
              workspace.showRoom(room);
            }}
            onKeyDown={(event) => {
              const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
              const next =
                TABS[(TABS.findIndex((tab) => tab.room === room) + by + TABS.length) % TABS.length];
              if (by === 0 || next === undefined) return;
              event.preventDefault();
              workspace.showRoom(next.room);
              document.getElementById(`tab-${next.room}`)?.focus();
            }}
          >
            <span className="tab-icon">
              <Icon name={icon} size={20} />
              {counts[room] === 0 ? null : <span className="tab-count">{counts[room]}</span>}
            </span>
            <span>{t(`tabs.${room}`)}</span>
          </button>
        ))}
      </div>
    </nav>
  );
}
