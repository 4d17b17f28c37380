import type { ReactNode } from 'react';
import type { AssetView } from '../../app/studio/types.ts';
import type { Asset, AudioTrackProbe, ColorInfo, VideoTrackProbe } from '../../core/schema/asset.ts';
import { clock, codecName, fps, isOneFrame, moment, size } from '../format/text.ts';
import { useLanguage, useT, type Translate } from '../messages/i18n.tsx';
import { Button } from '../parts/controls.tsx';
import { Icon } from '../parts/icons.tsx';
import { useSurroundings, useWatch } from '../workspace/context.tsx';
import { KeepOne } from './LinkNotes.tsx';

/** What the open file says of itself. */
export function AssetDetails({ view }: { readonly view: AssetView }) {
  const t = useT();
  const language = useLanguage();
  const { asset } = view;
  const { probe } = asset;
  const stored = {
    handle: t('details.storedHandle'),
    copy: t('details.storedCopy'),
    link: t('details.storedLink'),
  };
  return (
    <details className="asset-details">
      <summary>
        <Icon name="right" size={12} />
        {t('details.title')}
        <span className="asset-details-name">
          <bdi>{asset.name}</bdi>
        </span>
      </summary>
      <div className="facts-scroll" role="region" tabIndex={0} aria-label={t('details.title')}>
        <Facts title={t('details.file')} action={<KeepOne key={asset.id} view={view} />}>
          <Fact name={t('details.container')}>{probe.container.toUpperCase()}</Fact>
          <Fact name={t('details.size')}>{size(asset.bytes, language)}</Fact>
          <Fact name={t('details.duration')}>{clock(probe.durationUs)}</Fact>
          <Fact name={t('details.recorded')}>
            {probe.recordedAt === null ? t('details.unknown') : moment(probe.recordedAt, language)}
          </Fact>
          <Fact name={t('details.stored')}>{stored[asset.source]}</Fact>
          <Fact name={t('details.fingerprint')}>
            <code title={asset.fingerprint}>{asset.fingerprint.slice(-12)}</code>
          </Fact>
        </Facts>
        {probe.video.map((track, position) => (
          <VideoFacts
            key={track.index}
            track={track}
            title={t('details.picture', { n: position + 1 })}
            still={position === probe.primaryVideo && isOneFrame(asset)}
            used={position === probe.primaryVideo && probe.video.length > 1}
          />
        ))}
        {probe.audio.map((track, position) => (
          <AudioFacts key={track.index} track={track} asset={asset} position={position} />
        ))}
        {probe.other.length === 0 ? null : (
          <Facts title={t('details.other')}>
            {probe.other.map((track, position) => (
              <Fact key={position} name={track.kind}>
                {track.codec}
              </Fact>
            ))}
          </Facts>
        )}
        {probe.warnings.length === 0 ? null : (
          <Facts title={t('details.notes')}>
            <div className="facts-notes">
              {probe.warnings.map((code) => (
                <p key={code}>{t(`warning.${code}`)}</p>
              ))}
            </div>
          </Facts>
        )}
      </div>
    </details>
  );
}

function Facts({
  title,
  used,
  action,
  children,
}: {
  readonly title: string;
  readonly used?: boolean;
  /** Stands below the facts. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}) {
  const t = useT();
  return (
    <section className="facts">
      <h3>
        {title}
        {used === true ? <span className="tag">{t('details.inUse')}</span> : null}
      </h3>
      <dl>{children}</dl>
      {action}
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function VideoFacts({
  track,
  title,
  still,
  used,
}: {
  readonly track: VideoTrackProbe;
  readonly title: string;
  /** A single picture. */
  readonly still: boolean;
  readonly used: boolean;
}) {
  const t = useT();
  const language = useLanguage();
  const { frameRate, keyFrameSpacing } = track;
  const seconds = (us: number): string =>
    new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(us / 1_000_000);
  return (
    <Facts title={title} used={used}>
      <Fact name={t('details.codec')}>
        {codecName(track.codec)}
        {track.profile === null ? '' : ` ${track.profile}`}
        {track.codecString === null ? null : <code> {track.codecString}</code>}
      </Fact>
      <Fact name={t('details.dimensions')}>
        {track.displayWidth} × {track.displayHeight}
        {track.bitDepth === null ? '' : `, ${t('details.bitDepth', { bits: track.bitDepth })}`}
      </Fact>
      <Fact name={t('details.rate')}>
        {still
          ? t('media.oneFrame')
          : frameRate.kind === 'constant'
            ? t('details.rateConstant', { fps: fps(frameRate.rate, language) })
            : t('details.rateVariable', { fps: fps(frameRate.average, language) })}
      </Fact>
      {track.rotation === 0 && !track.flip ? null : (
        <Fact name={t('details.rotation')}>
          {t('details.degrees', { degrees: track.rotation })}
          {track.flip ? `, ${t('details.mirrored')}` : ''}
        </Fact>
      )}
      <Fact name={t('details.color')}>
        {track.hdr ? <span className="tag">HDR</span> : null}
        {colour(track.color, t)}
      </Fact>
      {still ? null : (
        <Fact name={t('details.keyFrames')}>
          {keyFrameSpacing === null
            ? t('details.unknown')
            : t('details.keyFrameSpacing', {
                typical: seconds(keyFrameSpacing.typicalUs),
                max: seconds(keyFrameSpacing.maxUs),
              })}
        </Fact>
      )}
      <Fact name={t('viewer.label')}>
        {track.decodable ? t('details.decodedHere') : t('details.decodedPreview')}
      </Fact>
    </Facts>
  );
}

function colour(color: ColorInfo, t: Translate): string {
  const named = [color.primaries, color.transfer, color.matrix].filter((part) => part !== null);
  const unique = [...new Set(named)];
  if (color.fullRange !== null)
    unique.push(t(color.fullRange ? 'details.fullRange' : 'details.limitedRange'));
  return unique.length === 0 ? t('details.unknown') : unique.join(', ');
}

function AudioFacts({
  track,
  asset,
  position,
}: {
  readonly track: AudioTrackProbe;
  readonly asset: Asset;
  readonly position: number;
}) {
  const t = useT();
  const language = useLanguage();
  const { studio, workspace, announce } = useSurroundings();
  const { document: project, readOnly } = useWatch(studio.document);
  const khz = new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(track.sampleRate / 1000);
  const { audio, primaryAudio } = asset.probe;
  const mine = project.clips.filter((clip) => clip.assetId === asset.id);
  const taken = mine.filter((clip) => (clip.audioTrack ?? primaryAudio) === position).length;
  const used = audio.length > 1 && (mine.length === 0 ? position === primaryAudio : taken > 0);
  const n = position + 1;
  const everywhere =
    audio.length < 2 || readOnly || taken === mine.length ? null : (
      <Button
        className="facts-action"
        onClick={() => {
          workspace.takeSoundTrack(asset, position);
          announce(t('details.usedEverywhere', { n }));
        }}
      >
        {t('details.useEverywhere')}
      </Button>
    );
  return (
    <Facts title={t('details.sound', { n })} used={used} action={everywhere}>
      <Fact name={t('details.codec')}>
        {codecName(track.codec)}
        {track.profile === null ? '' : ` ${track.profile}`}
        {track.language === null ? '' : ` (${track.language})`}
      </Fact>
      <Fact name={t('details.samples')}>
        {khz} kHz, {t('details.channels', { count: track.channels })}
      </Fact>
    </Facts>
  );
}
