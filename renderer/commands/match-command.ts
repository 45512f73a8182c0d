/** A name that fits what was typed, and which of its letters those are. */
export interface Match {
  /** Higher is better. */
  readonly score: number;
  /** Places in the name, ascending. */
  readonly places: readonly number[];
}

/**
 * How well a name fits what was typed: its letters must occur in order, spaces aside. Beginnings of words and letters
 * in a row count more, so that `zh` finds `Zoom to the hold` before `Show hidden tracks`.
 */
export function matchCommand(name: string, typed: string): Match | undefined {
  const wanted = typed.toLowerCase().replaceAll(/\s/g, '');
  const text = name.toLowerCase();
  const places: number[] = [];
  let score = 0;
  let from = 0;
  for (const letter of wanted) {
    const place = findBest(text, letter, from);
    if (place < 0) return undefined;
    if (startsWord(text, place)) score += 4;
    if (place === from && from > 0) score += 3;
    score -= (place - from) * 0.1;
    places.push(place);
    from = place + 1;
  }
  return { score: score - name.length * 0.01, places };
}

/** The next of a letter: right here, else where a word begins, else anywhere. */
function findBest(text: string, letter: string, from: number): number {
  if (text[from] === letter) return from;
  for (let place = text.indexOf(letter, from); place >= 0; place = text.indexOf(letter, place + 1))
    if (startsWord(text, place)) return place;
  return text.indexOf(letter, from);
}

function startsWord(text: string, place: number): boolean {
  return place === 0 || text[place - 1] === ' ' || text[place - 1] === '-';
}
