import type { ModuleStanding } from '../../shared/analysis/accounting.ts';
import { compareNames, matchNames } from './match-names.ts';
import type { SortOrder } from './sort-heads.tsx';

export type SortKey = 'name' | 'references' | 'unexplained' | 'events';

/** Modules whose name has all the words, in the order asked for; those of equal rank by name. */
export function sortStandings(
  standings: readonly ModuleStanding[],
  search: string,
  { key, descending }: SortOrder<SortKey>,
): readonly ModuleStanding[] {
  const sign = descending ? -1 : 1;
  return standings.filter(matchNames(search)).sort((a, b) => {
    const byKey = key === 'name' ? compareNames(a, b) : rankOf(a, key) - rankOf(b, key);
    return byKey === 0 ? compareNames(a, b) : sign * byKey;
  });
}

function rankOf(standing: ModuleStanding, key: Exclude<SortKey, 'name'>): number {
  if (key === 'events') return standing.events;
  const known = key === 'references' ? standing.lsmod : standing.unexplained;
  return known ?? -1;
}
