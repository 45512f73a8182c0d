import { CircleAlert } from 'lucide-react';
import type { Filter } from '../../shared/filter/filter.ts';
import { visibleSentence, visibleText } from '../widgets/visible-text.ts';

export const PROBLEMS_ID = 'filter-problems';
const MOST_SHOWN = 3;

/** What was not understood, each with the word it stands in, why, and what to write instead. */
export function FilterProblems({ filter, id = PROBLEMS_ID }: { readonly filter: Filter; readonly id?: string }) {
  const { text, problems } = filter;
  if (problems.length === 0) return null;
  return (
    <ul id={id} className="filter-problems">
      {problems.slice(0, MOST_SHOWN).map(({ from, to, what, why, remedy }) => (
        <li key={from}>
          <CircleAlert size={14} aria-hidden />
          <span>
            {to > from && to - from <= 40 ? <code>{visibleText(text.slice(from, to))}</code> : null}
            <strong>{visibleSentence(what)}</strong> {visibleSentence(why)} {visibleSentence(remedy)}
          </span>
        </li>
      ))}
      {problems.length <= MOST_SHOWN ? null : <li>and {problems.length - MOST_SHOWN} more</li>}
      <li className="quiet">Everything else in the filter holds.</li>
    </ul>
  );
}
