import type { PresentStanding } from '../../shared/view-model/present-view.ts';
import { sortModulesBy } from './sort-modules.ts';

export type PresentKey = 'stuck' | 'name' | 'references' | 'unexplained' | 'size';

/**
 * What keeps a module from being unloaded, as one of a few words: references that nothing explains; references of which
 * some are explained only probably; references that are explained; nothing but that it cannot be unloaded at all; nothing.
 */
export type Stuckness = 'unexplained' | 'probable' | 'held' | 'permanent' | 'free';

export function stucknessOf({ probable, unexplained, refcount, permanent }: PresentStanding): Stuckness {
  if (unexplained > 0) return 'unexplained';
  // Where the kernel cannot unload modules it counts nothing.
  if (refcount === undefined) return 'permanent';
  if (refcount !== 0) return probable > 0 ? 'probable' : 'held';
  return permanent ? 'permanent' : 'free';
}

const STUCKNESS: Readonly<Record<Stuckness, number>> = { unexplained: 3, probable: 2, held: 2, permanent: 1, free: 0 };

type Rank = (standing: PresentStanding) => number;

const references: Rank = ({ refcount }) => refcount ?? -1;
const ofOthers: Rank = ({ refcount, linked }) => Math.max(0, (refcount ?? 0) - linked);
const unexplained: Rank = (standing) => standing.unexplained;

/**
 * Modules as they are now, sorted. Of those that are held, the ones that something else than modules holds come first:
 * there an unloading begins.
 */
export const sortPresent = sortModulesBy<PresentStanding, PresentKey>({
  stuck: [(standing) => STUCKNESS[stucknessOf(standing)], unexplained, ofOthers, references],
  name: [],
  references: [references],
  unexplained: [unexplained],
  size: [({ size }) => size],
});
