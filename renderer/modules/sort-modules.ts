import type { SortOrder } from './sort-heads.tsx';

type Named = { readonly module: string };

/** What a list is sorted by: the first of these that tells two modules apart. */
export type Ranks<Row, Key extends string> = Readonly<Record<Key, readonly ((row: Row) => number)[]>>;

/** The modules whose name has all the words of a search, in the order asked for. */
export type SortModules<Row, Key extends string> = (
  modules: readonly Row[],
  search: string,
  order: SortOrder<Key>,
) => readonly Row[];

/** Sorts by what each column ranks modules by; those of equal rank, and those of the column `name`, by name. */
export function sortModulesBy<Row extends Named, Key extends string>(ranks: Ranks<Row, Key>): SortModules<Row, Key> {
  return (modules, search, { key, descending }) => {
    const sign = descending ? -1 : 1;
    return modules.filter(matchNames(search)).sort((a, b) => {
      for (const rank of ranks[key]) {
        const difference = rank(a) - rank(b);
        if (difference !== 0) return sign * difference;
      }
      return (key === 'name' ? sign : 1) * compareNames(a, b);
    });
  };
}

function matchNames(search: string): (row: Named) => boolean {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return ({ module }) => words.every((word) => module.toLowerCase().includes(word));
}

/** As the kernel compares bytes. */
function compareNames(a: Named, b: Named): number {
  return a.module < b.module ? -1 : a.module > b.module ? 1 : 0;
}
