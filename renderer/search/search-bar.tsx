import { ChevronDown, ChevronUp, Search, X } from 'lucide-react';
import { type KeyboardEvent, useMemo } from 'react';
import { parseFilter } from '../../shared/filter/parse-filter.ts';
import type { HitCount } from '../../shared/view-model/recording-view.ts';
import { useStore } from '../state/store.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { IconButton } from '../widgets/icon-button.tsx';
import { visibleSentence } from '../widgets/visible-text.ts';
import { writeCount, writeCounted } from '../widgets/write-numbers.ts';
import { closeSearch, jumpToHit, openSearch } from './jump-to-hit.ts';
import { useSearch } from './use-search.ts';

/** The search beside the filter; a button until it is opened. */
export function SearchBar() {
  const isOpen = useStore((state) => state.searchOpen);
  if (isOpen) return <OpenSearch />;
  return (
    <button type="button" className="button search-button" title="Search events (Ctrl+F)" onClick={openSearch}>
      <Search size={14} aria-hidden />
      Search
    </button>
  );
}

function OpenSearch() {
  const { id, engine, summary } = useRecording();
  const text = useStore((state) => state.searchText);
  const row = useStore((state) => state.row);
  const { searchFor } = useStore.getState();
  const search = useSearch();
  const problem = useMemo(() => parseFilter(text, summary.clock).problems[0], [text, summary.clock]);
  const hits = useLatestAnswer(search && JSON.stringify([id, search, row]), () =>
    engine.hits(search ?? { text: '', search: '' }, row),
  );
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') void jumpToHit(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') closeSearch();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const none = search !== undefined && hits?.count === 0;
  return (
    <div className="search-bar">
      <div className={none || problem !== undefined ? 'field search-field search-field-none' : 'field search-field'}>
        <Search size={14} aria-hidden />
        <input
          id="event-search"
          type="search"
          aria-label="Search events"
          placeholder="Search what is shown"
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={(event) => searchFor(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <span
          className="search-count digits"
          role="status"
          title={
            problem === undefined ? undefined : visibleSentence(`${problem.what} ${problem.why} ${problem.remedy}`)
          }
        >
          {problem === undefined ? tellHits(search === undefined ? undefined : hits) : visibleSentence(problem.what)}
        </span>
      </div>
      <IconButton name="Previous hit" keys="Shift+Enter, Shift+F3" onClick={() => void jumpToHit(-1)}>
        <ChevronUp size={15} aria-hidden />
      </IconButton>
      <IconButton name="Next hit" keys="Enter, F3" onClick={() => void jumpToHit(1)}>
        <ChevronDown size={15} aria-hidden />
      </IconButton>
      <IconButton name="Close the search" keys="Esc" onClick={closeSearch}>
        <X size={15} aria-hidden />
      </IconButton>
    </div>
  );
}

/** `3 of 41`, or `41 hits` while none of them is selected. */
function tellHits(hits: HitCount | undefined): string {
  if (hits === undefined) return '';
  if (hits.count === 0) return 'no hits';
  return hits.place < 0
    ? writeCounted(hits.count, 'hit')
    : `${writeCount(hits.place + 1)} of ${writeCount(hits.count)}`;
}
