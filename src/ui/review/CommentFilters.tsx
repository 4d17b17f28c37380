import { useMemo, useState } from 'react';
import { useT } from '../messages/i18n.tsx';
import { IconButton, Segmented } from '../parts/controls.tsx';
import { Icon } from '../parts/icons.tsx';
import { useDesk, useSurroundings } from '../workspace/context.tsx';
import { choicesIn, type CommentList } from './comments.ts';
import { authorName } from './parts.tsx';

/** An author or category is prefixed, so that none can be taken for "all". */
const ANY = 'any';

/** What is looked for among the comments. */
export function CommentFilters({ all }: { readonly all: CommentList }) {
  const t = useT();
  const { desk } = useSurroundings();
  const filter = useDesk((state) => state.filter);
  const [more, setMore] = useState(false);
  const { authors, categories } = useMemo(
    () => choicesIn([...all.timed, ...all.legacy].map(({ comment }) => comment)),
    [all],
  );
  const count = Number(filter.author !== null) + Number(filter.category !== null) + Number(filter.shapes);
  const options = (names: readonly string[], chosen: string | null, any: string) => [
    { value: ANY, text: any },
    // What was chosen stays a choice while nobody has it any more.
    ...[...new Set(chosen === null ? names : [...names, chosen])].map((name) => ({
      value: `=${name}`,
      text: authorName(name, t),
    })),
  ];
  const chosen = (value: string): string | null => (value === ANY ? null : value.slice(1));
  return (
    <div className="comment-filters" role="search" aria-label={t('review.find')}>
      <div className="comment-search">
        <Icon name="search" size={14} />
        <input
          type="search"
          id="comment-search"
          className="editable boxed"
          aria-label={t('review.search')}
          placeholder={t('review.search')}
          title={`${t('review.search')}  (/)`}
          value={filter.query}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            desk.setFilter({ query: event.target.value });
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
            event.stopPropagation();
            desk.setFilter({ query: '' });
            event.currentTarget.blur();
          }}
        />
        <IconButton
          icon="filter"
          className={count > 0 ? 'filter-button is-on' : 'filter-button'}
          label={count > 0 ? t('review.moreFiltersOn', { count }) : t('review.moreFilters')}
          aria-expanded={more}
          onClick={() => {
            setMore(!more);
          }}
        />
      </div>
      <Segmented
        label={t('review.status')}
        value={filter.status}
        options={[
          { value: 'all', text: t('review.statusAll') },
          { value: 'open', text: t('review.statusOpen') },
          { value: 'resolved', text: t('review.statusResolved') },
        ]}
        onChange={(status) => {
          desk.setFilter({ status });
        }}
      />
      {more ? (
        <div className="comment-more">
          <Pick
            label={t('review.filterAuthor')}
            value={filter.author}
            options={options(authors, filter.author, t('review.anyone'))}
            onChange={(value) => {
              desk.setFilter({ author: chosen(value) });
            }}
          />
          <Pick
            label={t('review.filterCategory')}
            value={filter.category}
            options={options(categories, filter.category, t('review.anyCategory'))}
            onChange={(value) => {
              desk.setFilter({ category: chosen(value) });
            }}
          />
          <label className="check-line">
            <input
              type="checkbox"
              checked={filter.shapes}
              onChange={(event) => {
                desk.setFilter({ shapes: event.target.checked });
              }}
            />
            {t('review.withShapes')}
          </label>
        </div>
      ) : null}
    </div>
  );
}

function Pick({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: string | null;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly onChange: (value: string) => void;
}) {
  return (
    <select
      aria-label={label}
      title={label}
      value={value === null ? ANY : `=${value}`}
      onChange={(event) => {
        onChange(event.target.value);
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.text}
        </option>
      ))}
    </select>
  );
}
