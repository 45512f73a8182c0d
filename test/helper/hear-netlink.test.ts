import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { binaries } from './support/start-helper.ts';

test('an answer without end is heard no longer than there is time, and nobody but the kernel can write to who asked', () => {
  const { stdout, stderr } = spawnSync(join(binaries, 'hear-netlink'), { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toBe('too late\nrefused\n');
});
