/** How many single letters must be changed, added or taken away to make one word of another. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[to.length]!;
}

/** Names that somebody may have meant: dashes for underscores, a part of the name, a slip or two. At most five. */
export function suggestNames(word: string, names: readonly string[]): string[] {
  const plain = (name: string) => name.toLowerCase().replaceAll('-', '_');
  const asked = plain(word).slice(0, 64);
  return names
    .map((name) => {
      const known = plain(name).slice(0, 64);
      const contained = asked.length > 2 && (known.includes(asked) || asked.includes(known));
      return { name, far: known === asked ? 0 : contained ? 1 : distance(asked, known) };
    })
    .filter(({ far }) => far <= Math.max(2, Math.floor(asked.length / 4)))
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .slice(0, 5)
    .map(({ name }) => name);
}
