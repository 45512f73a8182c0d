import { ListFilter, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Filter } from '../../shared/filter/filter.ts';
import type { Completion } from '../../shared/filter/suggest-completions.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { IconButton } from '../widgets/icon-button.tsx';
import { FilterColours } from './filter-colours.tsx';
import { FilterProblems, PROBLEMS_ID } from './filter-problems.tsx';
import { OPTION_ID, SuggestionList } from './suggestion-list.tsx';
import type { FilterDraft } from './use-filter-draft.ts';

interface FilterInputProps {
  /** What is written, read. */
  readonly filter: Filter;
  readonly draft: FilterDraft;
  /** Told when suggestions begin or cease to cover what is below. */
  readonly onSuggest: (suggesting: boolean) => void;
}

const LIST_ID = 'filter-suggestions';

/** The filter's text in colours, with suggestions at the caret. */
export function FilterInput({ filter, draft, onSuggest }: FilterInputProps) {
  const { id, engine } = useRecording();
  const { text } = filter;
  const input = useRef<HTMLInputElement>(null);
  const [scrolled, setScrolled] = useState(0);
  const [caret, setCaret] = useState(0);
  const [asked, setAsked] = useState(false);
  const [active, setActive] = useState(-1);
  const answer = useLatestAnswer(asked ? JSON.stringify([id, text, caret]) : undefined, async () => ({
    text,
    caret,
    completions: await engine.completions(text, caret),
  }));
  const completions = answer?.completions ?? [];
  const isOpen = asked && completions.length > 0;
  // What is wrong with a word that is still being written is no news to the writer.
  const told = isOpen ? withoutProblemsAt(filter, caret) : filter;

  useEffect(() => onSuggest(isOpen), [isOpen, onSuggest]);

  const write = (wanted: string, at: number) => {
    setCaret(at);
    draft.write(wanted, at);
  };
  const suggest = (wanted: boolean) => {
    if (!wanted) draft.apply(text);
    setAsked(wanted);
    setActive(-1);
  };
  const accept = (completion: Completion | undefined) => {
    const element = input.current;
    // An answer to what was written before stands at the wrong place now; the right one is on its way.
    if (completion === undefined || element === null || answer?.text !== text || answer.caret !== caret) return;
    const { from, to, insert } = completion;
    // Written by the browser, so that its undo takes it back.
    element.setSelectionRange(from, to);
    const isValue = !insert.endsWith(':');
    document.execCommand('insertText', false, isValue && to === text.length ? `${insert} ` : insert);
    setAsked(!isValue);
    setActive(-1);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const { key } = event;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      if (!isOpen) suggest(true);
      else setActive(stepThrough(active, key === 'ArrowDown' ? 1 : -1, completions.length));
    } else if ((key === 'Enter' || (key === 'Tab' && !event.shiftKey)) && isOpen && active >= 0) {
      accept(completions[active]);
    } else if (key === 'Enter') suggest(false);
    else if (key === 'Escape' && isOpen) suggest(false);
    else if (key === 'Escape') input.current?.blur();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const clear = () => {
    draft.apply('');
    setAsked(false);
    input.current?.focus();
  };

  return (
    <div className="filter-box">
      <div className={told.problems.length > 0 ? 'field filter-field filter-field-wrong' : 'field filter-field'}>
        <ListFilter size={14} aria-hidden />
        <div className="filter-text">
          <FilterColours filter={told} scrolled={scrolled} />
          <input
            ref={input}
            id="event-filter"
            type="text"
            role="combobox"
            aria-label="Filter events"
            aria-autocomplete="list"
            aria-expanded={isOpen}
            aria-controls={isOpen ? LIST_ID : undefined}
            aria-activedescendant={isOpen && active >= 0 ? `${OPTION_ID}${active}` : undefined}
            aria-invalid={told.problems.length > 0}
            aria-describedby={told.problems.length > 0 ? PROBLEMS_ID : undefined}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            placeholder="Filter ( / ):  module:drm  task:systemd*  -event:put"
            value={text}
            onChange={(event) => {
              write(event.target.value, event.target.selectionStart ?? event.target.value.length);
              suggest(true);
            }}
            onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
            onScroll={(event) => setScrolled(event.currentTarget.scrollLeft)}
            onPointerDown={() => suggest(true)}
            onBlur={() => suggest(false)}
            onKeyDown={onKeyDown}
          />
        </div>
        {text === '' ? null : (
          <IconButton name="Clear the filter" onClick={clear}>
            <X size={14} aria-hidden />
          </IconButton>
        )}
      </div>
      {isOpen ? (
        <div className="filter-popover">
          <FilterProblems filter={told} />
          <SuggestionList id={LIST_ID} completions={completions} active={active} onAccept={accept} />
        </div>
      ) : null}
    </div>
  );
}

function withoutProblemsAt(filter: Filter, caret: number): Filter {
  return { ...filter, problems: filter.problems.filter(({ from, to }) => caret < from || caret > to + 1) };
}

/** One place before the first and behind the last is none, where the text stays as it is. */
function stepThrough(active: number, by: 1 | -1, length: number): number {
  return ((active + 1 + by + length + 1) % (length + 1)) - 1;
}
