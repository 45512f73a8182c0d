/** The first of a list, and what is left of it. */
export interface TopList<Item> {
  readonly top: readonly Item[];
  readonly rest: readonly Item[];
}

/** Sorts by rank, greatest first, equals by their label, and cuts the list. */
export function listTop<Item extends { readonly label: string }>(
  items: readonly Item[],
  most: number,
  ...ranks: readonly ((item: Item) => number)[]
): TopList<Item> {
  const inOrder = [...items].sort((a, b) => {
    for (const rank of ranks) {
      const difference = rank(b) - rank(a);
      if (difference !== 0) return difference;
    }
    return a.label < b.label ? -1 : a.label > b.label ? 1 : 0;
  });
  return { top: inOrder.slice(0, most), rest: inOrder.slice(most) };
}
