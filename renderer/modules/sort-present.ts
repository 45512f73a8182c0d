import type { PresentStanding } from '../../shared/view-model/present-view.ts';
import { compareNames, matchNames } from './match-names.ts';
import type { SortOrder } from './sort-heads.tsx';

export type PresentKey = 'stuck' | 'name' | 'references' | 'unexplained' | 'size';

/**
 * What keeps a module from being unloaded, as one of a few words: references that nothing explains; references that are
 * explained; nothing but that it cannot be unloaded at all; nothing.
 */
export type Stuckness = 'unexplained' | 'held' | 'permanent' | 'free';

export function stucknessOf({ unexplained, refcount, permanent }: PresentStanding): Stuckness {
  if (unexplained > 0) return 'unexplained';
  // Where the kernel cannot unload modules it counts nothing.
  if (refcount === undefined) return 'permanent';
  if (refcount !== 0) return 'held';
  return permanent ? 'permanent' : 'free';
}

const RANKS: Readonly<Record<Stuckness, number>> = { unexplained: 3, held: 2, permanent: 1, free: 0 };

/**
 * Modules whose name has all the words, in the order asked for; those of equal rank by name. Of those that are held,
 * the ones that something else than modules holds come first: there an unloading begins.
 */
export function sortPresent(
  modules: readonly PresentStanding[],
  search: string,
  { key, descending }: SortOrder<PresentKey>,
): readonly PresentStanding[] {
  const sign = descending ? -1 : 1;
  return modules.filter(matchNames(search)).sort((a, b) => {
    for (const rank of ranksOf[key]) {
      const difference = rank(a) - rank(b);
      if (difference !== 0) return sign * difference;
    }
    return (key === 'name' ? sign : 1) * compareNames(a, b);
  });
}

type Rank = (standing: PresentStanding) => number;

const references: Rank = ({ refcount }) => refcount ?? -1;
const ofOthers: Rank = ({ refcount, linked }) => Math.max(0, (refcount ?? 0) - linked);
const unexplained: Rank = (standing) => standing.unexplained;

const ranksOf: Readonly<Record<PresentKey, readonly Rank[]>> = {
  stuck: [(standing) => RANKS[stucknessOf(standing)], unexplained, ofOthers, references],
  name: [],
  references: [references],
  unexplained: [unexplained],
  size: [({ size }) => size],
};
