/** Whether a module's name has all the words that were typed. */
export function matchNames(search: string): (row: { readonly module: string }) => boolean {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return ({ module }) => words.every((word) => module.toLowerCase().includes(word));
}

/** By name, as the kernel compares bytes. */
export function compareNames(a: { readonly module: string }, b: { readonly module: string }): number {
  return a.module < b.module ? -1 : a.module > b.module ? 1 : 0;
}
