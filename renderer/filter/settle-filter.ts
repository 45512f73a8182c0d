import { splitFilter } from '../../shared/filter/split-filter.ts';

/** What of a filter holds while it is being written: all but the word that ends at the caret. */
export function settleFilter(text: string, caret: number): string {
  const word = splitFilter(text).words.find(({ from, to }) => from < to && to === caret);
  if (word === undefined) return text;
  return [text.slice(0, word.from).trimEnd(), text.slice(word.to).trimStart()].filter((part) => part !== '').join(' ');
}
