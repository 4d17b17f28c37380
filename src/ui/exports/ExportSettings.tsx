import { codecName } from '../format/text.ts';
import { useT } from '../messages/i18n.tsx';
import { Choice, EditableText, Segmented } from '../parts/controls.tsx';
import type { Choices } from './choices.ts';
import { BurnInSettings, CsvProfile } from './CommentSettings.tsx';

/** The settings of an export. What makes no difference is not shown. */
export function ExportSettings({
  choices,
  name,
  surround,
  browserEncodes,
  commented,
  change,
}: {
  readonly choices: Choices;
  readonly name: string;
  /** Whether a source has more than two channels. */
  readonly surround: boolean;
  /** Whether the browser has encoders of its own, which WebM is made with. */
  readonly browserEncodes: boolean;
  /** Whether the chosen ranges show any comment. */
  readonly commented: boolean;
  readonly change: (part: Partial<Choices>) => void;
}) {
  const t = useT();
  return (
    <div className="export-settings" role="group" aria-label={t('export.settings')}>
      <div className="export-name">
        <span className="field-label" aria-hidden="true">
          {t('export.name')}
        </span>
        <EditableText
          label={t('export.name')}
          className="boxed"
          value={name}
          maxLength={200}
          onCommit={(text) => {
            change({ name: text === '' ? null : text });
          }}
        />
      </div>
      <Choice
        label={t('export.type')}
        value={choices.type}
        options={[
          { value: 'combined', text: t('export.combined') },
          { value: 'single', text: t('export.single') },
          { value: 'clips', text: t('parts.type') },
          { value: 'bundle', text: t('bundle.type') },
          { value: 'csv', text: t('bundle.csvType') },
        ]}
        onChange={(type) => {
          change({ type });
        }}
      />
      {choices.type === 'csv' || choices.type === 'bundle' ? (
        <CsvProfile choices={choices} change={change} />
      ) : null}
      {choices.type === 'csv' ? null : (
        <>
          <VideoSettings
            choices={choices}
            surround={surround}
            browserEncodes={browserEncodes}
            change={change}
          />
          {commented ? <BurnInSettings choices={choices} change={change} /> : null}
        </>
      )}
    </div>
  );
}

/** What a video is made like. */
function VideoSettings({
  choices,
  surround,
  browserEncodes,
  change,
}: Pick<Parameters<typeof ExportSettings>[0], 'choices' | 'surround' | 'browserEncodes' | 'change'>) {
  const t = useT();
  const codecs = (video: string, audio: string): string =>
    t('export.codecs', { video: codecName(video), audio: codecName(audio) });
  return (
    <>
      <Segmented
        label={t('export.format')}
        value={choices.format}
        options={[
          { value: 'mp4', text: 'MP4', hint: codecs('avc', 'aac') },
          { value: 'mov', text: 'MOV', hint: codecs('avc', 'aac') },
          {
            value: 'webm',
            text: 'WebM',
            hint: browserEncodes ? codecs('vp9', 'opus') : t('export.noEncoder'),
            disabled: !browserEncodes,
          },
        ]}
        onChange={(format) => {
          change({ format });
        }}
      />
      <Choice
        label={t('export.cut')}
        value={choices.cut}
        options={[
          { value: 'exact', text: t('export.exact') },
          { value: 'keyframe', text: t('export.keyframe') },
        ]}
        onChange={(cut) => {
          change({ cut });
        }}
      />
      <Choice
        label={t('export.resolution')}
        value={choices.resolution}
        options={[
          { value: 'source', text: t('export.source') },
          { value: '4k', text: '4K' },
          { value: '1080p', text: '1080p' },
          { value: '720p', text: '720p' },
        ]}
        onChange={(resolution) => {
          change({ resolution });
        }}
      />
      <Choice
        label={t('export.quality')}
        value={choices.quality}
        options={[
          { value: 'high', text: t('export.high') },
          { value: 'medium', text: t('export.medium') },
          { value: 'low', text: t('export.low') },
        ]}
        onChange={(quality) => {
          change({ quality });
        }}
      />
      <Choice
        label={t('export.sound')}
        value={choices.audio}
        options={[
          { value: 'keep', text: t('export.keep') },
          { value: 'drop', text: t('export.drop') },
        ]}
        onChange={(audio) => {
          change({ audio });
        }}
      />
      {surround && choices.audio === 'keep' ? (
        <Choice
          label={t('export.surround')}
          value={choices.surround}
          options={[
            { value: 'downmix', text: t('export.downmix') },
            { value: 'keep', text: t('export.surroundKeep') },
          ]}
          onChange={(value) => {
            change({ surround: value });
          }}
        />
      ) : null}
      {choices.resolution === 'source' ? null : (
        <label className="check-line export-enlarge">
          <input
            type="checkbox"
            checked={choices.enlarge}
            onChange={(event) => {
              change({ enlarge: event.target.checked });
            }}
          />
          {t('export.enlarge')}
        </label>
      )}
    </>
  );
}
