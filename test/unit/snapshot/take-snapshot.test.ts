import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { lookAtThisSystem } from '../../../electron/host/capture/host-system.ts';
import { createSnapshotTaker } from '../../../electron/host/snapshot/create-snapshot-taker.ts';
import { createSnapshotWatch } from '../../../electron/host/snapshot/create-snapshot-watch.ts';
import { encodeUserNames } from '../../../electron/host/snapshot/read-user-names.ts';
import { readSnapshot } from '../../../shared/snapshot/create-snapshot-reader.ts';
import { appRoot } from '../../support/project-paths.ts';
import { readSnapshotFixture, type SnapshotFixture } from '../../support/read-snapshot-fixture.ts';
import { type Step, scriptedCommand } from '../../support/script-capture.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const frames = (name: SnapshotFixture) => join(appRoot, `test/fixtures/snapshots/${name}.frames`);

/** A helper that answers each look with what then is in that file. */
async function answering(name: SnapshotFixture) {
  const file = join(await temporaryFolder(), 'frames');
  copyFileSync(frames(name), file);
  return { file, steps: [{ looks: file }] as const };
}

test('one helper is asked again and again, and gives what it sees each time', async () => {
  const { file, steps } = await answering('graphical-session');
  const watch = createSnapshotWatch(scriptedCommand(steps), async () => encodeUserNames(''));
  for (const name of ['graphical-session', 'network'] as const) {
    copyFileSync(frames(name), file);
    const taken = await watch.take();
    if (!taken.ok) throw new Error(taken.problem.why);
    expect(readSnapshot(taken.chunks)).toEqual({ ok: true, snapshot: readSnapshotFixture(name).snapshot });
  }
  watch.close();
});

test('looks that are asked for at once follow one another', async () => {
  const { steps } = await answering('network');
  const watch = createSnapshotWatch(scriptedCommand(steps));
  const taken = await Promise.all([watch.take(), watch.take(), watch.take()]);
  for (const one of taken) expect(one.ok && readSnapshot(one.chunks).ok).toBe(true);
  watch.close();
});

const failures: readonly [
  what: string,
  way: 'root' | 'pkexec' | 'sudo',
  steps: readonly Step[],
  end: string,
  why: RegExp,
][] = [
  ['dies at once', 'root', [{ stderr: 'no' }, { exit: 9 }], 'killed', /status 9 before it had looked.* It said: no$/],
  [
    'is dismissed',
    'pkexec',
    [{ stderr: 'Error executing: Request dismissed' }, { exit: 126 }],
    'dismissed',
    /dismissed/,
  ],
  ['is not authorised', 'pkexec', [{ stderr: 'Error: Not authorized' }, { exit: 127 }], 'denied', /password was wrong/],
  [
    'wants a password',
    'sudo',
    [{ stderr: 'sudo: a password is required' }, { exit: 1 }],
    'denied',
    /sudo wants a password/,
  ],
  ['refuses', 'root', [{ refuse: ['not-root', 'No.'] }, { bye: ['refused', 'none'] }], 'refused', /It said: No\.$/],
  ['talks nonsense', 'root', [{ raw: Buffer.from('nonsense').toString('base64') }], 'garbled', /says that it has/],
  ['is killed in the middle', 'root', [{ fact: ['/proc/crypto', 0, 'x'] }, { kill: 'SIGKILL' }], 'killed', /./],
];

test.each(failures)('a helper that %s is a problem that can be told', async (_what, way, steps, end, why) => {
  const watch = createSnapshotWatch(scriptedCommand(steps, way));
  const taken = await watch.take();
  expect(taken).toMatchObject({ ok: false, end, problem: { what: 'The system could not be looked at.' } });
  expect(!taken.ok && taken.problem.why).toMatch(why);
  expect(!taken.ok && taken.problem.remedy).not.toMatch(/modshark record$/);
  watch.close();
});

test('a look that hangs for good does not keep the program from ending', async () => {
  const file = join(await temporaryFolder(), 'hanging');
  // What hangs has the helper's output open, as whatever it starts.
  const script = `sleep 60 & echo $! > "$0"; cat "$1"; exec cat > /dev/null`;
  const command = { way: 'root', file: '/bin/sh', argv: ['-c', script, file, frames('network')] } as const;
  const keeping = () => process.getActiveResourcesInfo().filter((what) => /Pipe|Process/.test(what)).length;
  const before = keeping();
  const watch = createSnapshotWatch(command);
  expect(await watch.take()).toMatchObject({ ok: true });
  const hanging = Number(readFileSync(file, 'latin1'));
  onTestFinished(() => void process.kill(hanging));
  expect(keeping()).toBeGreaterThan(before);
  watch.close();
  await vi.waitUntil(() => keeping() === before, { timeout: 10_000 });
  expect(process.kill(hanging, 0)).toBe(true);
});

test('a watch that is closed before or in a look gives a problem, and leaves no helper', async () => {
  const watch = createSnapshotWatch(scriptedCommand([{ fact: ['/proc/crypto', 0, 'x'] }, { until: 'stop' }]));
  const before = watch.take();
  watch.close();
  await expect(before).resolves.toMatchObject({ ok: false, end: 'cancelled' });
  const within = watch.take();
  await setImmediate();
  watch.close();
  await expect(within).resolves.toMatchObject({ ok: false, end: 'killed' });
});

test('a watch whose helper failed starts another', async () => {
  const { file, steps } = await answering('network');
  const marker = join(await temporaryFolder(), 'second');
  const script = `test -e ${marker} && exec "$0" "$@"; touch ${marker}; exit 9`;
  const { file: node, argv } = scriptedCommand(steps);
  const watch = createSnapshotWatch({ way: 'root', file: '/bin/sh', argv: ['-c', script, node, ...argv] });
  expect((await watch.take()).ok).toBe(false);
  const again = await watch.take();
  expect(again.ok && readSnapshot(again.chunks).ok).toBe(true);
  expect(file).not.toBe('');
  watch.close();
});

test('the host itself gets a snapshot, and an explanation where there is no helper', async () => {
  const { steps } = await answering('disks-and-mounts');
  const means = { system: lookAtThisSystem(), called: 'modshark', command: () => scriptedCommand(steps) };
  const taker = createSnapshotTaker(means, '/nowhere');
  const looked = await taker.take('root');
  expect(looked.ok && looked.snapshot.superblocks.some(({ type }) => type === 'vfat')).toBe(true);
  taker.close();
});

test('reading a look never keeps the host from other work for 50 ms', async () => {
  const { steps } = await answering('network');
  const means = { system: lookAtThisSystem(), called: 'modshark', command: () => scriptedCommand(steps) };
  const taker = createSnapshotTaker(means, '/nowhere');
  await taker.take('root'); // what runs once is compiled afterwards
  // The quietest of many: others use this machine too.
  let quietest = Number.POSITIVE_INFINITY;
  for (let looks = 0; looks < 20; looks++) {
    let longest = 0;
    let last = performance.now();
    const beat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    await taker.take('root');
    clearInterval(beat);
    quietest = Math.min(quietest, Math.max(longest, performance.now() - last));
  }
  taker.close();
  expect(quietest).toBeLessThan(50);
}, 60_000);
