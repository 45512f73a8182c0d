import { useEffect, useRef } from 'react';
import type { Completion } from '../../shared/filter/suggest-completions.ts';
import { visibleText } from '../widgets/visible-text.ts';
import { writeCounted } from '../widgets/write-numbers.ts';

export const OPTION_ID = 'filter-option-';

interface SuggestionListProps {
  readonly id: string;
  readonly completions: readonly Completion[];
  readonly active: number;
  readonly onAccept: (completion: Completion) => void;
}

/** What could be meant at the caret. The input keeps the focus and says which one is active. */
export function SuggestionList({ id, completions, active, onAccept }: SuggestionListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <>
      <div ref={list} id={id} role="listbox" className="suggestions" aria-label="Suggestions">
        {completions.map((completion, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input has the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the input keeps the focus
          <div
            key={completion.insert}
            id={`${OPTION_ID}${place}`}
            role="option"
            className="suggestion"
            aria-selected={place === active}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onAccept(completion)}
          >
            <span className="suggestion-label mono">{visibleText(completion.label)}</span>
            <span className="quiet digits">
              {completion.events === undefined ? completion.meaning : writeCounted(completion.events, 'event')}
            </span>
          </div>
        ))}
      </div>
      <p className="suggestions-keys" aria-hidden>
        <kbd className="kbd">↑</kbd> <kbd className="kbd">↓</kbd> choose <kbd className="kbd">Enter</kbd> take{' '}
        <kbd className="kbd">Esc</kbd> close
      </p>
    </>
  );
}
