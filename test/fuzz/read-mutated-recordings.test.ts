import { expect, it } from 'vitest';
import { checkRecording } from '../support/check-table.ts';
import { digestOutcome } from '../support/digest-recording.ts';
import { listFixtures } from '../support/list-fixtures.ts';
import { Chance, mutateText } from '../support/mutate-text.ts';
import { fixtureBytes, readBytes } from '../support/read-fixture.ts';

/** Another run, or a longer one. */
const { MODSHARK_FUZZ_SEED, MODSHARK_FUZZ_LINES } = process.env;
const seed = Number(MODSHARK_FUZZ_SEED ?? 20_260_101);
const wanted = Number(MODSHARK_FUZZ_LINES ?? 1_000_000);

/** Longer than any line takes, by far: a hang is a failure, not a wait. */
const SLOWEST_MS = 5000;

it(`reads ${wanted} lines of mutated recordings without a throw, a hang or a wrong count`, () => {
  const originals = listFixtures(70_000)
    .filter((path) => !path.endsWith('.gz'))
    .map((path) => ({ path, bytes: fixtureBytes(path) }));
  let lines = 0;
  let read = 0;
  let refused = 0;
  for (let round = 0; lines < wanted; round++) {
    const chance = new Chance(seed + round);
    const original = chance.pick(originals);
    const text = mutateText(original.bytes, chance.pick(originals).bytes, chance);
    const where = `${original.path}, MODSHARK_FUZZ_SEED=${seed + round}`;
    const started = performance.now();
    try {
      const outcome = readBytes(text, { chunkBytes: chance.pick([1, 7, 100, 4096, 1 << 20]) });
      const exact = readBytes(text, { exactOnly: true });
      expect(digestOutcome(outcome)).toBe(digestOutcome(exact));
      const count = countLines(text);
      lines += count;
      if (outcome.ok) {
        read++;
        checkRecording(outcome.recording, count);
      } else {
        refused++;
        expect(outcome.problem.what).not.toBe('');
      }
    } catch (error) {
      throw new Error(`${where}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
    expect(performance.now() - started, where).toBeLessThan(SLOWEST_MS);
  }
  console.log(`${lines} lines: ${read} texts read, ${refused} refused`);
  expect(read).toBeGreaterThan(refused);
});

/** As the reader counts: a last line without an end is one; a byte order mark is none. */
function countLines(text: Uint8Array): number {
  let count = 0;
  for (const byte of text) if (byte === 10) count++;
  return text.length > 0 && text.at(-1) !== 10 ? count + 1 : count;
}
