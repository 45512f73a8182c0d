/** Places that are counted, and how they rank. */
export interface Ranking {
  readonly length: number;
  /** Whether there is anything to tell of a place; the others are not in the ranking at all. */
  readonly isTold: (place: number) => boolean;
  /** The greatest first; where they are equal, the next one decides. */
  readonly ranks: readonly ((place: number) => number)[];
  /** Decides last. Asked only of places that come near the top, for it costs more than all else. */
  readonly labelOf: (place: number) => string;
}

/** The first places of a ranking, and how many are left out. */
export interface TopPlaces {
  readonly top: readonly number[];
  readonly others: number;
}

/** Finds the first places of a ranking of up to millions, without an object or a sort for all the others. */
export function findTop({ length, isTold, ranks, labelOf }: Ranking, most: number): TopPlaces {
  const top: number[] = [];
  const labels = new Map<number, string>();
  const label = (place: number) => {
    const known = labels.get(place) ?? labelOf(place);
    labels.set(place, known);
    return known;
  };
  const isBefore = (a: number, b: number): boolean => {
    for (const rank of ranks) {
      const difference = rank(a) - rank(b);
      if (difference !== 0) return difference > 0;
    }
    return label(a) < label(b);
  };
  let told = 0;
  for (let place = 0; place < length; place++) {
    if (!isTold(place)) continue;
    told++;
    if (top.length === most) {
      const isOut = most === 0 || !isBefore(place, top[most - 1]!);
      if (isOut) {
        labels.delete(place);
        continue;
      }
      labels.delete(top.pop()!);
    }
    let at = top.length;
    while (at > 0 && isBefore(place, top[at - 1]!)) at--;
    top.splice(at, 0, place);
  }
  return { top, others: told - top.length };
}
