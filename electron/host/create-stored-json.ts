import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { createQueue } from './create-queue.ts';
import { holdLock } from './hold-lock.ts';

/** A small value that outlives the program. */
export interface StoredJson<T> {
  read(): Promise<T>;
  /** Errors: never; the reason goes to `complain`, for no setting is worth a crash. */
  update(change: (value: T) => T): Promise<void>;
}

/**
 * Keeps a value in a JSON file of the user, which several programs may change at once: each change begins with what the
 * one before it left. A file that is missing, unreadable or no longer fits counts as the initial
 * value; a full or read-only disk costs the memory of it, nothing else.
 */
export function createStoredJson<T>(
  path: string,
  schema: v.GenericSchema<unknown, T>,
  initial: T,
  complain: (message: string) => void,
): StoredJson<T> {
  const inTurn = createQueue();
  return {
    read: () => inTurn(load),
    update: (change) => inTurn(() => changeStored(change)),
  };

  async function load(): Promise<T> {
    try {
      const parsed = v.safeParse(schema, JSON.parse(await readFile(path, 'utf8')));
      if (parsed.success) return parsed.output;
      complain(`${path} does not fit and is not used: ${parsed.issues[0].message}`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') complain(`${path} is not used: ${String(error)}`);
    }
    return initial;
  }

  async function changeStored(change: (value: T) => T): Promise<void> {
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await holdLock(`${path}.lock`, async () => {
        const value = change(await load());
        // Whole or not at all: a crash between the two leaves the old file. A name of its own, should there be no lock.
        const fresh = `${path}.${randomUUID()}.new`;
        await writeFile(fresh, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
        await rename(fresh, path);
      });
    } catch (error) {
      complain(`${path} could not be written: ${String(error)}`);
    }
  }
}
