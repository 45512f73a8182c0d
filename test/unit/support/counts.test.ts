import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readCounts } from '../../support/counts.mjs';

/** Runs a suite that prints a megabyte and then its counts, into a pipe that is slow to be read. */
function runSlowly(counts: { passed: number; failed: number }) {
  const counting = JSON.stringify(fileURLToPath(new URL('../../support/counts.mjs', import.meta.url)));
  const suite = `
    import { tellCounts } from ${counting};
    for (let row = 0; row < 10_000; row++) console.log('row', row, 'x'.repeat(100));
    tellCounts(${JSON.stringify(counts)});`;
  const script = '"$0" --input-type=module -e "$1" | (sleep 0.3; cat); exit $PIPESTATUS';
  const { stdout, status } = spawnSync('bash', ['-c', script, process.execPath, suite], {
    encoding: 'utf8',
    maxBuffer: 1 << 24,
  });
  return { rows: stdout.split('\n').filter((line) => line.startsWith('row')).length, status, stdout };
}

describe('a suite that counts for itself', () => {
  test('is heard to its last line, however much it printed and however slowly that was read', () => {
    const { rows, status, stdout } = runSlowly({ passed: 1080, failed: 0 });
    expect({ rows, status, counts: readCounts(stdout) }).toEqual({
      rows: 10_000,
      status: 0,
      counts: { passed: 1080, failed: 0 },
    });
  });

  test('fails by its exit code where a test failed, and where none ran', () => {
    expect(runSlowly({ passed: 3, failed: 2 })).toMatchObject({ status: 1 });
    const { status, stdout } = runSlowly({ passed: 0, failed: 0 });
    expect({ status, counts: readCounts(stdout) }).toEqual({ status: 1, counts: { passed: 0, failed: 1 } });
  });

  test('has told nothing where it was cut off', () => {
    expect(readCounts('row 1\n1080 pas')).toBeUndefined();
    expect(readCounts('')).toBeUndefined();
  });
});
