import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { encodeUserNames, readUserNames } from '../../../electron/host/snapshot/read-user-names.ts';
import { accountForPresent } from '../../../shared/analysis/present/account-for-present.ts';
import { planRelease } from '../../../shared/analysis/present/plan-release.ts';
import { whyText } from '../../../shared/export/why-text.ts';
import { readSnapshot } from '../../../shared/snapshot/create-snapshot-reader.ts';
import { readSnapshotBytes } from '../../support/read-snapshot-fixture.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const bytes = readSnapshotBytes('graphical-session');

function lookWith(passwd: string) {
  const outcome = readSnapshot([encodeUserNames(passwd), bytes]);
  if (!outcome.ok) throw new Error(outcome.problem.why);
  return outcome.snapshot;
}

/** Lines of the answer about vkms that say who a process is. */
function whoIs(passwd: string): readonly string[] {
  const snapshot = lookWith(passwd);
  const accounts = accountForPresent(snapshot);
  const vkms = accounts.find(({ module }) => module === 'vkms')!;
  const lines = whyText(vkms, planRelease(accounts, snapshot, 'vkms')).split('\n');
  return lines.flatMap((line) => /^ +who: .*?, (user .*?)(?:, started .*)?$/.exec(line)?.[1] ?? []);
}

test('a user is told of by name and number; one without a name by number alone', () => {
  expect(whoIs('root:x:0:0:root:/root:/bin/sh\n')).toEqual(['user root (0)', 'user root (0)', 'user root (0)']);
  expect(whoIs('alice:x:1000:1000::/home/alice:/bin/sh\n')[0]).toBe('user 0');
});

test('of two names of one number the first stands, as for the system', () => {
  expect(whoIs('admin:x:0:0::/:/bin/sh\nroot:x:0:0::/:/bin/sh\n')[0]).toBe('user admin (0)');
});

test('a hostile name is one line, and shows what it is', () => {
  const [shown] = whoIs('\x1b[2J\xe2\x80\xaeevil, user 5:x:0:0::/:\n');
  expect([...(shown ?? '')].filter((letter) => '\x1b\u202e'.includes(letter))).toEqual([]);
  expect(shown).toMatch(/evil, user 5 \(0\)$/);
});

test('lines of no sense are left out, and a name of any length is bounded', () => {
  const passwd = ['', '::', 'x', 'minus:x:-1:', 'word:x:zero:', 'big:x:99999999999:', `${'n'.repeat(5000)}:x:0:0`];
  const [process] = lookWith(passwd.join('\n')).processes.values();
  expect(process?.userName).toBe('n'.repeat(256));
});

test('a directory of a hundred thousand users is told of by its first', () => {
  const passwd = Array.from({ length: 100_000 }, (_, at) => `user${at}:x:${at}:${at}::/:/bin/sh`).join('\n');
  expect(encodeUserNames(passwd).length).toBeLessThan(1e6);
  expect(lookWith(passwd).processes.get(1)?.userName).toBe('user0');
});

test('this system has a name for its administrator', async () => {
  const outcome = readSnapshot([await readUserNames(), bytes]);
  expect(outcome.ok && outcome.snapshot.processes.get(1)?.userName).toBe('root');
});

/** Has `getent` be a script of the test's for its duration. */
async function replaceGetent(script: string): Promise<void> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'getent'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  onTestFinished(() => void vi.unstubAllEnvs());
}

async function nameOfRoot(): Promise<string | undefined> {
  const outcome = readSnapshot([await readUserNames(), bytes]);
  return outcome.ok ? outcome.snapshot.processes.get(1)?.userName : 'no snapshot';
}

test('users of a directory that does not answer are told of by number, and no look waits for it', async () => {
  // Neither a signal that may be ignored nor a child that keeps its output open makes it take longer.
  await replaceGetent("trap '' TERM\nsleep 7 &\necho somebody:x:0:0::/:/bin/sh\nwait\nsleep 7");
  const began = performance.now();
  expect(await nameOfRoot()).toBe('root');
  expect(performance.now() - began).toBeLessThan(4000);
});

test('a directory that lists without an end is cut off', async () => {
  await replaceGetent('while :; do echo user:x:1:1::/:/bin/sh; done');
  const began = performance.now();
  expect(await nameOfRoot()).toBe('root');
  expect(performance.now() - began).toBeLessThan(4000);
});
