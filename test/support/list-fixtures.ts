import { readdirSync, statSync } from 'node:fs';

const recordings = new URL('../fixtures/recordings/', import.meta.url);

/** Every recording text under `test/fixtures`, as a path for `readFixture`; those of at most `maxBytes` where given. */
export function listFixtures(maxBytes = Number.POSITIVE_INFINITY): string[] {
  return readdirSync(recordings, { recursive: true })
    .map(String)
    .filter((path) => /\.txt(?:\.gz)?$/.test(path) && statSync(new URL(path, recordings)).size <= maxBytes)
    .sort()
    .map((path) => `recordings/${path}`);
}
