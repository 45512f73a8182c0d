import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { beforeEach, describe, expect, test } from 'vitest';
import { createStoredJson } from '../../../electron/host/create-stored-json.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const numbers = v.array(v.number());

describe('a value that is kept in a file', () => {
  let path: string;
  beforeEach(async () => {
    path = join(await temporaryFolder(), 'state', 'recent.json');
  });
  /** As another window, or another process, would have it: nothing is shared but the file. */
  const keeper = () =>
    createStoredJson<readonly number[]>(path, numbers, [], (message) => {
      throw new Error(message);
    });
  const kept = async () => JSON.parse(await readFile(path, 'utf8')) as number[];

  test('loses nothing when several change it at once', async () => {
    const writers = Array.from({ length: 8 }, keeper);
    await Promise.all(
      writers.flatMap((writer, i) =>
        Array.from({ length: 6 }, (_, j) => writer.update((known) => [...known, i * 6 + j])),
      ),
    );
    expect((await kept()).sort((a, b) => a - b)).toEqual(Array.from({ length: 48 }, (_, i) => i));
    expect(await readdir(join(path, '..'))).toEqual(['recent.json']);
  });

  test('is changed although somebody died who was just changing it', async () => {
    await mkdir(join(path, '..'));
    await writeFile(`${path}.lock`, '');
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(`${path}.lock`, longAgo, longAgo);
    await keeper().update(() => [7]);
    expect(await kept()).toEqual([7]);
    expect(await readdir(join(path, '..'))).toEqual(['recent.json']);
  });

  test('waits for the change of another to end', async () => {
    await mkdir(join(path, '..'));
    await writeFile(path, '[1]');
    await writeFile(`${path}.lock`, '');
    const mine = keeper().update((known) => [...known, 3]);
    await writeFile(path, '[1, 2]');
    await rm(`${path}.lock`);
    await mine;
    expect(await kept()).toEqual([1, 2, 3]);
  });
});
