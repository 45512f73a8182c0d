import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { binaries } from './support/start-helper.ts';

/** What came of each call. */
function tried(): readonly string[] {
  const { stdout, stderr } = spawnSync(join(binaries, 'try-kernel-calls'), { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n');
}

test('an answer without end is heard no longer than there is time, and nobody but the kernel can write to who asked', () => {
  expect(tried().slice(0, 2)).toEqual(['too late', 'refused']);
});

test('what a process exchanges while it is looked at is not taken for what it was: a network, a file, a socket', () => {
  expect(tried().slice(2)).toEqual(['only that', 'only that', 'TCP', '']);
});
