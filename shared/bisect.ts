/** Numbers by their place; `column[rows[i]]` where a selection of rows is searched. */
export type Column = Float64Array | Int32Array | Uint32Array;

/**
 * The first place in `from … to` whose value is not below `value`, or `to`.
 *
 * Shape: `column[rows[place]]` never decreases; without `rows`, `column[place]`.
 */
export function firstNotBelow(
  column: Column,
  rows: Column | undefined,
  value: number,
  from: number,
  to: number,
): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (column[rows === undefined ? middle : rows[middle]!]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first place in `from … to` whose value is above `value`, or `to`. */
export function firstAbove(column: Column, rows: Column | undefined, value: number, from: number, to: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (column[rows === undefined ? middle : rows[middle]!]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first of `places` places from which on something is so, or `places`. */
export function firstPlace(places: number, isSo: (place: number) => boolean): number {
  let low = 0;
  let high = places;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isSo(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** As `firstNotBelow`, but fast where the answer is near `from`. */
export function nextNotBelow(
  column: Column,
  rows: Column | undefined,
  value: number,
  from: number,
  to: number,
): number {
  let low = from;
  let step = 1;
  let high = from;
  while (high < to && column[rows === undefined ? high : rows[high]!]! < value) {
    low = high + 1;
    high += step;
    step *= 2;
  }
  return firstNotBelow(column, rows, value, low, Math.min(high, to));
}
