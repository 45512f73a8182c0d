import type { ModuleStanding } from '../../shared/analysis/accounting.ts';

export type SortKey = 'name' | 'references' | 'unexplained' | 'events';

export interface SortOrder {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** Modules whose name has all the words, in the order asked for; those of equal rank by name. */
export function sortStandings(
  standings: readonly ModuleStanding[],
  search: string,
  { key, descending }: SortOrder,
): readonly ModuleStanding[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const found = standings.filter(({ module }) => words.every((word) => module.toLowerCase().includes(word)));
  const sign = descending ? -1 : 1;
  return found.sort((a, b) => {
    const byKey = key === 'name' ? compareNames(a, b) : rankOf(a, key) - rankOf(b, key);
    return byKey === 0 ? compareNames(a, b) : sign * byKey;
  });
}

function rankOf(standing: ModuleStanding, key: Exclude<SortKey, 'name'>): number {
  if (key === 'events') return standing.events;
  const known = key === 'references' ? standing.lsmod : standing.unexplained;
  return known ?? -1;
}

function compareNames(a: ModuleStanding, b: ModuleStanding): number {
  return a.module < b.module ? -1 : a.module > b.module ? 1 : 0;
}
