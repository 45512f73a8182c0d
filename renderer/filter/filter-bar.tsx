import { useMemo, useState } from 'react';
import { parseFilter } from '../../shared/filter/parse-filter.ts';
import { SearchBar } from '../search/search-bar.tsx';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { writeCount, writeCounted } from '../widgets/write-numbers.ts';
import { FilterInput } from './filter-input.tsx';
import { FilterProblems } from './filter-problems.tsx';
import { StormChips } from './storm-chips.tsx';
import { useFilter } from './use-filter.ts';
import { useFilterDraft } from './use-filter-draft.ts';

/** The line that narrows the window, what is wrong with it, and the search. */
export function FilterBar() {
  const { summary } = useRecording();
  const draft = useFilterDraft();
  const filter = useMemo(() => parseFilter(draft.text, summary.clock), [draft.text, summary.clock]);
  const [suggesting, setSuggesting] = useState(false);
  return (
    <search className="bar filter-bar" aria-label="Filter and search">
      <div className="bar-line">
        <FilterInput filter={filter} draft={draft} onSuggest={setSuggesting} />
        <PassingCount />
        <StormChips />
        <span className="spring" />
        <SearchBar />
      </div>
      {suggesting ? null : <FilterProblems filter={filter} />}
    </search>
  );
}

function PassingCount() {
  const { id, engine, summary } = useRecording();
  const filter = useFilter();
  const isEmpty = filter.text.trim() === '';
  const found = useLatestAnswer(isEmpty ? undefined : JSON.stringify([id, filter.text]), () =>
    engine.eventCount(filter),
  );
  return (
    <span className={found === 0 ? 'filter-count filter-count-none' : 'filter-count'} role="status">
      {found === undefined ? '' : `${writeCount(found)} of ${writeCounted(summary.events, 'event')}`}
    </span>
  );
}
