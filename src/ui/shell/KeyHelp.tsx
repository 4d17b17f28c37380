import { isSingleKey, KEYMAP, type Binding, type Chord } from '../keys/keymap.ts';
import { useT } from '../messages/i18n.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { LicencesLink } from '../parts/LicencesLink.tsx';

const GROUPS = ['groupPlay', 'groupMark', 'groupMove', 'groupReview', 'groupEdit'] as const;

/** The keyboard table as a dialog; single keys can be switched off here. */
export function KeyHelp({
  open,
  singleKeys,
  onSingleKeys,
  onClose,
}: {
  readonly open: boolean;
  readonly singleKeys: boolean;
  readonly onSingleKeys: (on: boolean) => void;
  readonly onClose: () => void;
}) {
  const t = useT();
  return (
    <Dialog open={open} name="key-help" title={t('keys.title')} onClose={onClose}>
      <div className="key-groups">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{t(`keys.${group}`)}</h3>
            <dl>
              {KEYMAP.filter((binding) => binding.group === group).map((binding) => (
                <div key={binding.action}>
                  <dt>{t(`keys.${binding.action}`)}</dt>
                  <dd>
                    <Caps binding={binding} singleKeys={singleKeys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <footer>
        <label className="check-line">
          <input
            type="checkbox"
            checked={singleKeys}
            onChange={(event) => {
              onSingleKeys(event.target.checked);
            }}
          />
          {t('keys.single')}
        </label>
        <p>
          {t('keys.hint')} <LicencesLink />
        </p>
      </footer>
    </Dialog>
  );
}

function Caps({ binding, singleKeys }: { readonly binding: Binding; readonly singleKeys: boolean }) {
  const seen = new Set<string>();
  const chords = binding.chords.filter((chord) => {
    const text = capsOf(chord).join('+');
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
  return chords.map((chord) => (
    <span
      key={capsOf(chord).join('+')}
      className={!singleKeys && isSingleKey(chord) ? 'caps is-off' : 'caps'}
    >
      {capsOf(chord).map((cap) => (
        <kbd key={cap}>{cap}</kbd>
      ))}
    </span>
  ));
}

function capsOf(chord: Chord): readonly string[] {
  const sign = chord.cap === '?' || chord.cap === '+';
  return [
    ...(chord.mod === true ? ['Ctrl'] : []),
    ...(chord.alt === true ? ['Alt'] : []),
    // The sign itself already says that Shift is held.
    ...(chord.shift === true && !sign ? ['Shift'] : []),
    chord.cap,
  ];
}
