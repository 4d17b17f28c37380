import { useId } from 'react';
import type { Asset } from '../../core/schema/asset.ts';
import type { Clip } from '../../core/schema/document.ts';
import { soundTrackName } from '../media/sound-tracks.ts';
import { useLanguage, useT } from '../messages/i18n.tsx';
import { useSurroundings } from '../workspace/context.tsx';

/** Which sound track a range takes: a choice while the range is selected, else said where it is another than usual. */
export function ClipSound({
  clip,
  asset,
  n,
  selected,
  readOnly,
}: {
  readonly clip: Clip;
  readonly asset: Asset;
  /** Number of the range. */
  readonly n: number;
  readonly selected: boolean;
  readonly readOnly: boolean;
}) {
  const t = useT();
  const language = useLanguage();
  const { studio } = useSurroundings();
  const id = useId();
  const { audio, primaryAudio } = asset.probe;
  if (audio.length < 2) return null;
  const names = audio.map((track, position) => soundTrackName(track, position, t, language));
  if (!selected) {
    const chosen = clip.audioTrack === undefined ? undefined : names[clip.audioTrack];
    return chosen === undefined ? null : (
      <span className="clip-file">
        {t('reel.soundShort')} {chosen}
      </span>
    );
  }
  return (
    <span className="clip-sound">
      <label htmlFor={id}>{t('reel.soundShort')}</label>
      <select
        id={id}
        aria-label={t('reel.sound', { n })}
        value={String(clip.audioTrack ?? primaryAudio ?? 0)}
        disabled={readOnly}
        onChange={(event) => {
          const track = Number(event.target.value);
          studio.document.dispatch({
            type: 'changeClip',
            id: clip.id,
            audioTrack: track === primaryAudio ? null : track,
          });
        }}
      >
        {names.map((name, position) => (
          <option key={name} value={String(position)}>
            {name}
          </option>
        ))}
      </select>
    </span>
  );
}
