import { visibleSentence } from './visible-text.ts';

/** A sentence in which what stands between backticks is code. */
export function CodeText({ text }: { readonly text: string }) {
  return visibleSentence(text)
    .split('`')
    .map((part, place) => {
      const key = `${place} ${part}`;
      return place % 2 === 1 ? <code key={key}>{part}</code> : <span key={key}>{part}</span>;
    });
}
