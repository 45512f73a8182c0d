import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';

/** A recording that comes with the program. */
export interface Sample {
  readonly path: string;
  /** What it shows, in a sentence. */
  readonly about: string;
}

/** A name without a slash, so that the list cannot lead out of its folder. */
const index = v.array(v.strictObject({ file: v.pipe(v.string(), v.regex(/^[\w.-]+$/)), about: v.string() }));

/** The recordings that `samples.json` of the folder lists, in its order. Errors: when the program is not whole. */
export async function listSamples(folder: string): Promise<readonly Sample[]> {
  const listed = v.parse(index, JSON.parse(await readFile(join(folder, 'samples.json'), 'utf8')));
  return listed.map(({ file, about }) => ({ path: join(folder, file), about }));
}
