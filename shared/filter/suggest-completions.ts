import { type FilterKey, filterKeys, holdStates } from './filter-keys.ts';
import { quoteValue } from './quote-value.ts';
import type { FilterVocabulary } from './rank-names.ts';
import { type FilterWord, type Stretch, splitFilter } from './split-filter.ts';

/** What may be written in the place of a stretch of the filter. */
export interface Completion extends Stretch {
  readonly insert: string;
  /** A name of the recording is shown as it is, escaped; `insert` has it quoted where it needs to be. */
  readonly label: string;
  /** What a key or a state means; empty for a name. */
  readonly meaning: string;
  /** How many events bear the name; undefined for what is no name. */
  readonly events: number | undefined;
}

const MOST_COMPLETIONS = 12;
/** Keys whose names a bare word may be the start of. */
const NAMED = ['module', 'task', 'site'] as const;

/** What could be meant at the caret, best first: keys, and the recording's own names by how often they occur. */
export function suggestCompletions(text: string, caret: number, vocabulary: FilterVocabulary): readonly Completion[] {
  const word = splitFilter(text).words.find(({ from, to }) => from <= caret && caret <= to);
  const place = { from: caret, to: caret };
  if (word === undefined) return suggestKeys('', place);
  const start = word.negated ? word.from + 1 : word.from;
  if (caret < start) return [];
  if (word.key === undefined) return suggestForBareWord(text, caret, word, start, vocabulary);
  if (caret <= word.key.to) return suggestKeys(text.slice(start, caret), { from: start, to: word.key.to + 1 });
  const value = word.alternatives.find(({ from, to }) => from <= caret && caret <= to)!;
  return suggestValues(word.key.name, typed(text, value.from, caret), value, vocabulary);
}

function suggestForBareWord(
  text: string,
  caret: number,
  word: FilterWord,
  start: number,
  vocabulary: FilterVocabulary,
): readonly Completion[] {
  if (word.alternatives.length > 1) return [];
  const part = typed(text, start, caret);
  const place = { from: start, to: word.to };
  const names =
    part === ''
      ? []
      : NAMED.flatMap((key) =>
          suggestValues(key, part, place, vocabulary).map((name) => ({
            ...name,
            insert: `${key}:${name.insert}`,
            label: `${key}:${name.label}`,
          })),
        );
  return [...suggestKeys(part, place), ...names.sort((a, b) => b.events! - a.events!)].slice(0, MOST_COMPLETIONS);
}

function suggestKeys(part: string, place: Stretch): readonly Completion[] {
  return Object.entries(filterKeys)
    .filter(([key]) => key.startsWith(part.toLowerCase()))
    .map(([key, meaning]) => ({ ...only(place), insert: `${key}:`, label: `${key}:`, meaning, events: undefined }));
}

function suggestValues(key: string, part: string, place: Stretch, vocabulary: FilterVocabulary): readonly Completion[] {
  if (key === 'is')
    return Object.entries(holdStates)
      .filter(([state]) => state.startsWith(part.toLowerCase()))
      .map(([state, meaning]) => ({ ...only(place), insert: state, label: state, meaning, events: undefined }));
  if (!Object.hasOwn(vocabulary, key)) return [];
  const names = vocabulary[key as keyof FilterVocabulary & FilterKey];
  const sought = part.toLowerCase();
  // In the order of their frequency already: those that begin so, then those that hold it further on.
  const begins = names.filter(({ name }) => name.toLowerCase().startsWith(sought));
  const holds = names.filter(({ name }) => name.toLowerCase().indexOf(sought) > 0);
  return [...begins, ...holds]
    .slice(0, MOST_COMPLETIONS)
    .map(({ name, events }) => ({ ...only(place), insert: quoteValue(name), label: name, meaning: '', events }));
}

/** What was written so far of a value: without quotes, escapes and wildcards. */
function typed(text: string, from: number, caret: number): string {
  return text.slice(from, caret).replace(/\\(.)|["*?]/gs, '$1');
}

function only({ from, to }: Stretch): Stretch {
  return { from, to };
}
