import { open, rm, stat } from 'node:fs/promises';

/** Far longer than anybody holds one: whoever made it was killed before it could take it away. */
const ABANDONED_MS = 10_000;
/** Then it is done all the same: a lock that cannot be had must not stop the program. */
const PATIENCE_MS = 15_000;
const PAUSE_MS = 15;

/**
 * Does something while no other process that asks for the same lock does it too.
 *
 * The lock is a file that only one can create. Source: open(2), O_EXCL
 */
export async function holdLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const held = await take(path, Date.now() + PATIENCE_MS);
  try {
    return await work();
  } finally {
    if (held) await rm(path, { force: true });
  }
}

/** False where there can be no lock: the folder is read-only, or another's lock does not go away. */
async function take(path: string, until: number): Promise<boolean> {
  for (;;) {
    try {
      await (await open(path, 'wx', 0o600)).close();
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
    const made = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
    if (made !== undefined && Date.now() - made > ABANDONED_MS) await rm(path, { force: true });
    else if (Date.now() > until) return false;
    else await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * (1 + Math.random())));
  }
}
