import type { Refcount } from '../units.ts';
import type { PresentStanding } from './present-view.ts';

/** How a module's refcount went since it was first looked at. */
export interface RefcountChanges {
  /** At the first look; undefined for a module that was loaded later. */
  readonly first: Refcount | undefined;
  /** After each change, oldest first, the first one included; the last ones. */
  readonly values: readonly Refcount[];
}

/** Enough for a line of a few dozen pixels. */
const MOST_VALUES = 32;

/** What is known after one more look. */
export function followRefcounts(
  before: ReadonlyMap<string, RefcountChanges> | undefined,
  modules: readonly Pick<PresentStanding, 'module' | 'refcount'>[],
): ReadonlyMap<string, RefcountChanges> {
  const after = new Map<string, RefcountChanges>();
  for (const { module, refcount } of modules) {
    if (refcount === undefined) continue;
    const known = before?.get(module);
    if (known === undefined) {
      // Loaded since: from nothing.
      after.set(module, { first: before === undefined ? refcount : undefined, values: [refcount] });
    } else if (known.values.at(-1) === refcount) after.set(module, known);
    else after.set(module, { ...known, values: [...known.values, refcount].slice(-MOST_VALUES) });
  }
  return after;
}

/** How many more or fewer references there are than at the first look. */
export function changeOf(changes: RefcountChanges | undefined): number {
  if (changes === undefined) return 0;
  return (changes.values.at(-1) ?? 0) - (changes.first ?? 0);
}
