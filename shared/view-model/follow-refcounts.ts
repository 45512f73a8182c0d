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

function followed(known: RefcountChanges, refcount: Refcount): RefcountChanges {
  if (known.values.at(-1) === refcount) return known;
  return { ...known, values: [...known.values, refcount].slice(-MOST_VALUES) };
}

/** What is known after one more look. */
export function followRefcounts(
  before: ReadonlyMap<string, RefcountChanges> | undefined,
  modules: readonly Pick<PresentStanding, 'module' | 'refcount'>[],
): ReadonlyMap<string, RefcountChanges> {
  const after = new Map<string, RefcountChanges>();
  for (const { module, refcount } of modules) {
    if (refcount === undefined) continue;
    const known = before?.get(module);
    // Loaded since: from nothing.
    if (known === undefined)
      after.set(module, { first: before === undefined ? refcount : undefined, values: [refcount] });
    else after.set(module, followed(known, refcount));
  }
  // What is unloaded has none, and may come back.
  for (const [module, known] of before ?? []) if (!after.has(module)) after.set(module, followed(known, 0));
  return after;
}

/** How many more or fewer references there are than at the first look. */
export function changeOf(changes: RefcountChanges | undefined): number {
  if (changes === undefined) return 0;
  return (changes.values.at(-1) ?? 0) - (changes.first ?? 0);
}
