import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeSystem, makeFakeSystem } from './support/make-fake-system.ts';
import { takeLook } from './support/take-look.ts';

let system: FakeSystem;
beforeEach(() => {
  system = makeFakeSystem(['ip_tables 36864 1 iptable_filter, Live 0x0', 'dm_mod 190000 0 - Live 0x0']);
  chmodSync(system.path, 0o755);
});
afterEach(() => system.remove());

function program(name: string, script: string): void {
  system.write(`usr/sbin/${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(join(system.path, 'usr/sbin', name), 0o755);
}

test('a tool is given fixed words, nothing in its environment, nothing to read, and less than root', async () => {
  program('iptables-legacy-save', 'echo "$#"; echo "$HOME$USER$LANG$FAKE_SYSTEM" "$(cat)" "$(id -u)"; pwd');
  const { snapshot } = await takeLook(system.path, { env: { LD_PRELOAD: '', HOME: '/root', USER: 'me' } });
  // Its files are root's own; what it may is far less.
  const expected = process.getuid?.() === 0 ? `0\n  0\n${system.path}\n` : undefined;
  expect(snapshot.texts.get('iptables-legacy-save')).toBe(expected);
});

test('a tool whose module nobody uses is not started', async () => {
  program('dmsetup', 'touch started');
  chmodSync(system.path, 0o777);
  await takeLook(system.path);
  expect(existsSync(join(system.path, 'started'))).toBe(false);
});

const failures: readonly [what: string, script: string | undefined, why: string][] = [
  ['is not there', undefined, 'It is not installed.'],
  ['fails', 'echo half; exit 1', 'It did not end well.'],
  ['never ends', 'exec sleep 60', 'It did not answer in time.'],
  ['says that it is done and never ends', 'exec >&-; exec sleep 60', 'It did not answer in time.'],
  ['never stops talking', 'exec yes', 'There is more of it than is read.'],
];

test.each(failures)('a tool that %s is told as not seen', async (_what, script, why) => {
  if (script !== undefined) program('iptables-legacy-save', script);
  const { snapshot, result } = await takeLook(system.path);
  expect(result).toBe('done');
  const expected = process.getuid?.() === 0 || script === undefined ? why : 'The kernel does not permit it.';
  expect(snapshot.unseen).toContainEqual({ what: 'iptables-legacy-save', why: expected, count: undefined });
});
