import { describe, expect, it } from 'vitest';
import { printTime } from '../../../shared/event-table/clock.ts';
import { digestOutcome } from '../../support/digest-recording.ts';
import { listFixtures } from '../../support/list-fixtures.ts';
import { fixtureBytes, readBytes, readFixture } from '../../support/read-fixture.ts';

const all = listFixtures();
const small = listFixtures(60_000).filter((path) => !path.endsWith('.gz'));

/** What each of these says instead of being read; every other file has to be read without a rejected line. */
const unreadable: Readonly<Record<string, string>> = {
  'formats/opt/README.txt': 'This is not a recording of module events.',
  'formats/opt/errors.txt': 'This is not a recording of module events.',
  'formats/opt/saved_cmdlines_2.txt': 'This is not a recording of module events.',
  'formats/opt/saved_cmdlines_size.txt': 'This is not a recording of module events.',
  'instance/late/global.enable+filter.txt': 'This is not a recording of module events.',
  'observed/debian-6.1.0-56-proc-snapshots.txt': 'This is not a recording of module events.',
};
const unreadableForms: readonly (readonly [RegExp, string])[] = [
  [/formats\/opt\/(raw|hex|bin)\./, 'The entries have numbers in place of their fields.'],
  [/formats\/opt\/nocontext\./, 'The events have no task, CPU and time.'],
  [/formats\/opt\/nohash\./, 'The module events have no fields.'],
];
/** A terminal's log around a recording: its other lines are rejected, one by one. */
const mixed = 'recordings/observed/debian-6.1.0-56-stacktrace-hist.txt';

describe('every recording', { timeout: 120_000 }, () => {
  it('is there', () => {
    expect(all.length).toBeGreaterThan(500);
    expect(small.length).toBeGreaterThan(450);
  });

  it('is read without a rejected line, or says why it cannot be read', () => {
    for (const path of all) {
      const outcome = readFixture(path);
      const short = path.replace('recordings/', '');
      const expected = unreadable[short] ?? unreadableForms.find(([pattern]) => pattern.test(path))?.[1];
      if (outcome.ok) {
        expect(expected, path).toBeUndefined();
        expect(outcome.recording.lines.rejected === 0, path).toBe(path !== mixed);
      } else expect(outcome.problem.what, path).toBe(expected);
    }
  });

  it('is read by the scanner exactly as by the grammar alone', () => {
    for (const path of all) {
      expect(digestOutcome(readFixture(path)), path).toBe(digestOutcome(readFixture(path, { exactOnly: true })));
    }
  });

  it('is read the same in chunks of 1 byte, of 7 bytes, and whole', () => {
    for (const path of small) {
      const whole = digestOutcome(readFixture(path, { chunkBytes: 1 << 24 }));
      expect(digestOutcome(readFixture(path, { chunkBytes: 7 })), path).toBe(whole);
      expect(digestOutcome(readFixture(path, { chunkBytes: 1 })), path).toBe(whole);
    }
  });

  it('is read the same with the line ends of Windows', () => {
    for (const path of small.filter((path) => !path.includes('/bin.'))) {
      const bytes = fixtureBytes(path);
      const withReturns = new Uint8Array(
        Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('\n', '\r\n'), 'latin1'),
      );
      expect(digestOutcome(readBytes(withReturns)), path).toBe(digestOutcome(readBytes(bytes)));
    }
  });

  it('counts every line once', () => {
    for (const path of all) {
      const outcome = readFixture(path);
      if (!outcome.ok) continue;
      const { total, ...classes } = outcome.recording.lines;
      expect(
        Object.values(classes).reduce((sum, count) => sum + count, 0),
        path,
      ).toBe(total);
      const newlines = fixtureBytes(path).reduce((count, byte) => count + (byte === 10 ? 1 : 0), 0);
      expect(total, path).toBe(newlines);
    }
  });

  it('gives every event the time that was printed', () => {
    for (const path of all) {
      const outcome = readFixture(path);
      if (!outcome.ok) continue;
      const { table } = outcome.recording;
      const lines = Buffer.from(fixtureBytes(path)).toString('latin1').split('\n');
      for (let row = 0; row < table.length; row++) {
        const text = lines[table.line[row]! - 1]!;
        const stamps = text.match(/\d+(?:\.\d+)?(?:us.|ms \(\+[\d.]+ms\))?(?=:)/g)!.map(secondsOf);
        expect(stamps, `${path}: ${text}`).toContain(printTime(table.clock, table.time[row]!));
      }
    }
  });
});

/** Latency-format counts in other units; the digits are the same. */
function secondsOf(stamp: string): string {
  const micro = /^(\d+)us/.exec(stamp)?.[1] ?? /^(\d+\.\d+)ms/.exec(stamp)?.[1]?.replace('.', '');
  if (micro === undefined) return stamp;
  const digits = micro.padStart(7, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}
