import type { OpenFile } from './system-snapshot.ts';

/** O_PATH: such a descriptor has opened nothing, and is no other's open file. */
const O_PATH = 0o10000000;

/** What descriptors of one open file have in common. All anonymous files share one inode: their link says what they are. */
function keyOf({ type, device, filesystem, inode, link, flags }: OpenFile): string {
  return [type, device, filesystem, inode, (flags & O_PATH) !== 0, type === 'anonymous' ? link : ''].join('\0');
}

/**
 * Makes one of the files that are the same as far as can be told, where kcmp(2) could not compare them: the helper names
 * each descriptor by itself then, and to count every one as an open file would explain what a shared one does not hold.
 */
export function joinUncompared(files: readonly OpenFile[]): OpenFile[] {
  const joined = new Map<string, OpenFile>();
  const alone: OpenFile[] = [];
  for (const file of files) {
    if (file.compared) {
      alone.push(file);
      continue;
    }
    const key = keyOf(file);
    const known = joined.get(key);
    if (known === undefined) joined.set(key, { ...file, descriptors: [...file.descriptors] });
    // Appended in place: there may be ten thousand.
    else (known.descriptors as OpenFile['descriptors'][number][]).push(...file.descriptors);
  }
  return [...alone, ...joined.values()];
}
