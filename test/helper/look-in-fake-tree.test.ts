import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { encodeSnapshot } from '../../shared/capture-protocol/encode-request.ts';
import type { HelperFrame } from '../../shared/capture-protocol/helper-frame.ts';
import { type FakeSystem, looks, makeFakeSystem } from './support/make-fake-system.ts';
import { isKind, startHelper } from './support/start-helper.ts';
import { takeLook } from './support/take-look.ts';

let system: FakeSystem;
beforeEach(() => {
  system = makeFakeSystem();
});
afterEach(() => system.remove());

const card = (fd: number, open?: number) => ({
  fd,
  link: '/dev/dri/card0',
  look: looks.card,
  ...(open === undefined ? {} : { open }),
});
const describe = ({
  descriptors,
  compared,
}: {
  descriptors: readonly { pid: number; fd: number }[];
  compared: boolean;
}) => `${descriptors.map(({ pid, fd }) => `${pid}:${fd}`).join(' ')}${compared ? '' : ' ?'}`;

/** Everything that was told, names and texts. */
const textOf = (frames: readonly HelperFrame[]) =>
  frames.map((frame) => (frame.kind === 'fact' ? `${frame.name}\0${frame.text}` : '')).join('\0');

test('descriptors that share one open file are told apart from those of another, and nothing in the tree changes', async () => {
  system.process(100, { comm: 'logind', files: [card(3, 1), card(4, 2)] });
  system.process(101, { comm: 'shell', files: [card(7, 1)] });
  system.process(102, { comm: 'Xorg', files: [card(5, 3)] });
  const before = system.names();
  const { snapshot, status, stderr, failure, frames } = await takeLook(system.path);
  expect({ status, stderr, failure }).toEqual({ status: 0, stderr: '', failure: undefined });
  expect(frames.at(-1)).toEqual({ kind: 'bye', reason: 'stdin-closed', instance: 'none' });
  expect(snapshot.openFiles.map(describe).sort()).toEqual(['100:3 101:7', '100:4', '102:5']);
  expect(snapshot.modules).toMatchObject([{ name: 'vkms', refcount: 1, refcountAfter: 1, state: 'live' }]);
  expect(snapshot.processes.get(101)).toMatchObject({ comm: 'shell', inspected: true, startTicks: 1101 });
  expect(system.names()).toEqual(before);
});

test('where files cannot be compared, as many may be open as there are descriptors', async () => {
  system.process(100, { files: [card(3), card(4)] });
  system.process(101, { files: [card(3, 1)] });
  const { snapshot } = await takeLook(system.path);
  expect(snapshot.openFiles.map(describe)).toEqual(['100:3 100:4 101:3 ?']);
});

test('a thread may have descriptors of its own, and be all that is left of its process', async () => {
  system.process(100, { threads: [104, 105], files: [] });
  system.link('proc/100/task/105/fd/3', '/dev/dri/card0');
  system.write('proc/100/task/105/fd/3.look', looks.card);
  const { snapshot } = await takeLook(system.path);
  expect(snapshot.openFiles.map(describe)).toEqual(['100:3']);
  expect(snapshot.processes.get(100)?.threads).toEqual([104, 105]);
});

test('addresses of modules never leave the helper', async () => {
  const { frames } = await takeLook(system.path);
  expect(frames.find((frame) => frame.kind === 'fact' && frame.name === '/proc/modules')).toMatchObject({
    text: 'vkms 45056 1 - Live 0x0000000000000000\n',
  });
});

test('no command line, no environment and no contents are ever read', async () => {
  system.process(100, { files: [{ fd: 3, link: '/home/me/secret', look: looks.file }] });
  const secrets = ['proc/100/cmdline', 'proc/100/environ', 'proc/100/mem', 'home/me/secret', 'proc/kcore', 'proc/keys'];
  for (const file of secrets) system.write(file, 'the secret');
  const { frames } = await takeLook(system.path);
  expect(textOf(frames)).not.toContain('the secret');
});

test('processes that vanish in the middle are left out, and their files', async () => {
  system.process(100, { files: [card(3, 1), { fd: 4, link: '/dev/dri/card1' }] });
  system.write('proc/101/cgroup', '0::/\n');
  system.write('proc/102/stat', '');
  system.link('proc/103', '/nowhere');
  const { snapshot, result } = await takeLook(system.path);
  expect(result).toBe('done');
  expect([...snapshot.processes.keys()]).toEqual([100]);
  expect(snapshot.openFiles.map(describe)).toEqual(['100:3']);
});

test('what an ordinary user may not see is counted', async () => {
  system.process(100, { files: [card(3, 1)] });
  system.process(101, { files: [card(3, 1)] });
  for (const folder of ['', 'proc', 'proc/100', 'proc/101']) chmodSync(join(system.path, folder), 0o755);
  chmodSync(join(system.path, 'proc/101/fd'), 0);
  const uid = process.getuid?.() === 0 ? { uid: 65_534 } : {};
  const { snapshot } = await takeLook(system.path, { env: { FAKE_USER: '1' }, ...uid });
  expect(snapshot.asRoot).toBe(false);
  expect(snapshot.openFiles.map(describe)).toEqual(['100:3']);
  expect(snapshot.processes.get(101)?.inspected).toBe(false);
  expect(snapshot.unseen[0]).toEqual({
    what: 'open files of 1 process of other users',
    why: 'Only root may look there.',
    count: 1,
  });
});

test('a /proc that hides processes is told', async () => {
  system.process(100, { mountinfo: '20 1 0:22 / /proc rw - proc proc rw,hidepid=invisible\n' });
  const { snapshot } = await takeLook(system.path, { env: { FAKE_USER: '1' } });
  expect(snapshot.unseen[0]).toMatchObject({ what: 'processes of other users', why: '/proc hides them (hidepid).' });
});

test('10,000 mounts, in two namespaces', async () => {
  const lines = Array.from({ length: 10_000 }, (_, i) => `${i + 30} 1 0:${i + 100} / /run/m${i} rw - tmpfs tmpfs rw\n`);
  system.process(100, { mountinfo: lines.join('') });
  system.process(101, { mountinfo: lines.slice(0, 5).join(''), mounts: 4026532000 });
  const { snapshot, result } = await takeLook(system.path);
  expect(result).toBe('done');
  const tmpfs = snapshot.superblocks.filter(({ type }) => type === 'tmpfs');
  expect(tmpfs).toHaveLength(10_000);
  expect(tmpfs[0]?.mountPoints).toEqual([
    { path: '/run/m0', namespace: 4026531841, pid: 100, id: 30, parent: 1 },
    { path: '/run/m0', namespace: 4026532000, pid: 101, id: 30, parent: 1 },
  ]);
});

test('300 processes with 5,000 files of one disk cost some lines, and every one is counted', async () => {
  const files = Array.from({ length: 17 }, (_, fd) => ({ fd, link: `/home/data-${fd}`, look: looks.file }));
  for (let pid = 100; pid < 400; pid++) system.process(pid, { files });
  const { snapshot, frames, result } = await takeLook(system.path);
  expect(result).toBe('done');
  expect(snapshot.processes.size).toBe(300);
  expect(snapshot.openFiles).toEqual([]);
  const disk = snapshot.superblocks.find(({ filesystem }) => filesystem === '8:1');
  expect(disk?.standingCount).toBe(300 * (17 + 3));
  expect(disk?.standing.length).toBe(64);
  expect(textOf(frames).length).toBeLessThan(300 * 512);
}, 60_000);

test('names of any bytes arrive whole', async () => {
  const evil = Buffer.from('a) R 1\n\x1b[2J\xff\xfe', 'latin1');
  system.process(100, {
    comm: evil,
    files: [
      { fd: 3, link: Buffer.from('/dev/a\nb\x1b[31m\xff', 'latin1'), look: looks.card, open: 1 },
      { fd: 4, link: '/mnt/gone\n (deleted)', look: '100644 8:17 9 0:0 0' },
    ],
    mountinfo: '31 1 8:33 / /mnt/my\\040stick\\012\\134 rw shared:1 - vfat /dev/sd\\040c rw,iocharset=utf8\n',
  });
  system.write('sys/module/nasty na:me [x]/refcnt', '2\n');
  system.write('sys/module/nasty na:me [x]/initstate', 'live\n');
  const { snapshot } = await takeLook(system.path);
  expect(snapshot.processes.get(100)?.comm).toBe('a) R 1\n\x1b[2J\\xff\\xfe');
  expect(snapshot.openFiles.map(({ link }) => link)).toEqual(['/dev/a\nb\x1b[31m\\xff']);
  const lost = snapshot.superblocks.find(({ filesystem }) => filesystem === '8:17');
  expect(lost).toMatchObject({ mountPoints: [], standing: [{ pid: 100, how: 'fd', link: '/mnt/gone\n (deleted)' }] });
  expect(snapshot.superblocks.find(({ type }) => type === 'vfat')).toMatchObject({
    source: '/dev/sd c',
    mountPoints: [{ path: '/mnt/my stick\n\\' }],
  });
  expect(snapshot.modules.map(({ name }) => name)).toContain('nasty na:me [x]');
});

test('memory that is mapped of a device is told when its descriptor is closed', async () => {
  const maps = [
    '7f00-7f01 r--s 00000000 00:05 107                        /dev/dri/card0',
    '7f01-7f02 r--s 00001000 00:05 107                        /dev/dri/card0',
    '7f02-7f03 r-xp 00000000 08:01 400                        /usr/lib/libc.so',
    '7f03-7f04 rw-p 00000000 00:00 0                          [heap]',
  ];
  system.process(100, { maps: `${maps.join('\n')}\n` });
  system.write('proc/100/map_files/7f00-7f01.look', looks.card);
  system.write('proc/100/map_files/7f02-7f03.look', '100755 8:1 400 0:0 21');
  const { snapshot } = await takeLook(system.path);
  expect(snapshot.mappings).toEqual([
    { pid: 100, link: '/dev/dri/card0', device: 'c226:0', filesystem: '0:5', inode: 107 },
  ]);
  const disk = snapshot.superblocks.find(({ filesystem }) => filesystem === '8:1');
  expect(disk?.standing.at(-1)).toEqual({ pid: 100, how: 'map', link: '/usr/lib/libc.so' });
});

test('a mapping that is gone is not looked for by a name that its process chose', async () => {
  const maps = '7f00-7f01 rw-s 00000000 00:19 7 /dev/shm/mine\n7f01-7f02 rw-s 00000000 00:05 107 /dev/dri/card0\n';
  system.process(100, { maps });
  system.process(101, { maps });
  // Whoever has /dev/shm/mine has made it a link to a device; what is forbidden in 101 has just ended in 100.
  system.write('dev/shm/mine.look', '20666 0:25 7 226:0 23');
  system.write('dev/dri/card0.look', looks.card);
  for (const range of ['7f00-7f01', '7f01-7f02']) system.write(`proc/101/map_files/${range}.look`, 'forbidden');
  const { snapshot } = await takeLook(system.path);
  expect(snapshot.mappings.map(({ pid, link }) => `${pid} ${link}`)).toEqual(['101 /dev/dri/card0']);
});

test('an unmounted filesystem whose server is dead does not hold the look up', async () => {
  system.process(100, { files: [card(3, 1), { fd: 4, link: '/mnt/dead/file', look: '100644 0:99 9 0:0 0' }] });
  system.write('proc/100/fd/4.magic', 'hang');
  const { snapshot, result, status } = await takeLook(system.path);
  expect({ result, status }).toEqual({ result: 'done', status: 0 });
  expect(snapshot.superblocks.find(({ filesystem }) => filesystem === '0:99')).toMatchObject({
    type: '',
    standing: [{ pid: 100, how: 'fd', link: '/mnt/dead/file' }],
  });
  expect(snapshot.unseen).toEqual([
    { what: 'the kind of 1 filesystem that is mounted nowhere', why: 'It did not answer.', count: 1 },
  ]);
});

test('a look that even being killed does not end holds nobody up, and the next ones neither', async () => {
  system.process(100, { files: [card(3, 1), { fd: 4, link: '/mnt/dead/file', look: '100644 0:99 9 0:0 0' }] });
  system.write('proc/100/fd/4.magic', 'hang for good');
  const helper = startHelper(system.path, { env: { FAKE_SYSTEM: system.path } });
  onTestFinished(() => void helper.process.kill('SIGKILL'));
  const results = () => helper.frames.filter(isKind('snapshot-end')).map(({ result }) => result);
  for (let looks = 1; looks <= 2; looks++) {
    helper.process.stdin.write(encodeSnapshot({ tools: false }));
    await helper.until((frame): frame is typeof frame => frame.kind === 'snapshot-end' && results().length === looks);
  }
  helper.process.stdin.end();
  const { status, failure, stderr } = await helper.ended();
  expect({ results: results(), status, failure, stderr }).toEqual({
    results: ['done', 'done'],
    status: 0,
    failure: undefined,
    stderr: '',
  });
});

test('looks that hang for good are not heaped up', async () => {
  system.process(100, { files: [{ fd: 4, link: '/mnt/dead/file', look: 'hang for good' }] });
  const helper = startHelper(system.path, { env: { FAKE_SYSTEM: system.path, FAKE_PATIENCE: '300' } });
  onTestFinished(() => void helper.process.kill('SIGKILL'));
  const results = () => helper.frames.filter(isKind('snapshot-end')).map(({ result }) => result);
  for (let looks = 1; looks <= 6; looks++) {
    helper.process.stdin.write(encodeSnapshot({ tools: false }));
    await helper.until((frame): frame is typeof frame => frame.kind === 'snapshot-end' && results().length === looks);
  }
  expect(results()).toEqual(Array.from({ length: 6 }, () => 'late'));
  const pid = helper.process.pid!;
  expect(readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ')).toHaveLength(4);
  helper.process.stdin.end();
  expect(await helper.ended()).toMatchObject({ status: 0, failure: undefined, stderr: '' });
});

test('whoever has many namespaces full of mounts does not fill the memory of who looks', async () => {
  const line = '21 1 8:1 / / rw - ext4 /dev/sda1 rw\n';
  system.write('many', line.repeat(4_000_000 / line.length));
  for (let pid = 100; pid < 112; pid++) {
    system.process(pid, { mounts: 4026532000 + pid });
    rmSync(join(system.path, `proc/${pid}/mountinfo`));
    system.link(`proc/${pid}/mountinfo`, join(system.path, 'many'));
  }
  const { frames, result } = await takeLook(system.path);
  expect(result).toBe('done');
  const mounts = frames.filter(isKind('fact')).filter(({ name }) => name.startsWith(':mounts'));
  expect(mounts.map(({ error, text }) => [error, text.length > 0])).toEqual([
    ...Array.from({ length: 8 }, () => [0, true]),
    ...Array.from({ length: 4 }, () => [27, false]),
  ]);
}, 60_000);

test('what is told of one look has an end, and its reader says that there was more', async () => {
  system.write('large', 'x'.repeat(4_000_000));
  for (let pid = 100; pid < 150; pid++) {
    system.process(pid);
    rmSync(join(system.path, `proc/${pid}/cgroup`));
    system.link(`proc/${pid}/cgroup`, join(system.path, 'large'));
  }
  const { frames, snapshot } = await takeLook(system.path);
  expect(textOf(frames).length).toBeLessThan(170 * 1024 * 1024);
  expect(snapshot.unseen[0]).toMatchObject({ what: expect.stringMatching(/^\d+ facts$/), why: 'There are too many.' });
}, 60_000);

test('a file that never answers ends the look, and what was told until then is kept', async () => {
  system.process(100, { files: [card(3, 1), { fd: 4, link: '/mnt/dead/file', look: 'hang' }] });
  const { snapshot, result, status } = await takeLook(system.path, { env: { FAKE_PATIENCE: '1500' } });
  expect({ result, status }).toEqual({ result: 'late', status: 0 });
  expect(snapshot.modules[0]).toMatchObject({ name: 'vkms', refcount: 1 });
  expect(snapshot.unseen[0]).toMatchObject({ what: 'the rest of the system' });
});

test('one helper looks as often as it is asked, and sees what changed', async () => {
  const helper = startHelper(system.path, { env: { FAKE_SYSTEM: system.path } });
  const ends = () => helper.frames.filter(isKind('snapshot-end')).length;
  helper.process.stdin.write(encodeSnapshot({ tools: false }));
  await helper.until(isKind('snapshot-end'));
  system.write('sys/module/vkms/refcnt', '5\n');
  helper.process.stdin.write(encodeSnapshot({ tools: false }));
  await helper.until((frame): frame is typeof frame => frame.kind === 'snapshot-end' && ends() === 2);
  helper.process.stdin.end();
  const { frames, status, failure } = await helper.ended();
  const counts = frames.flatMap((frame) => (frame.kind === 'fact' && frame.name === ':refcounts' ? [frame.text] : []));
  expect(counts).toEqual(['vkms\x001\0', 'vkms\x005\0']);
  expect({ status, failure }).toEqual({ status: 0, failure: undefined });
});

const refused: readonly [what: string, bytes: Buffer, code: string][] = [
  ['a look without options', Buffer.from('N\0\0\0'), 'bad-frame'],
  ['a look with a path', Buffer.from('N\0\0\x0b/etc/shadow'), 'bad-frame'],
  ['an unknown option', Buffer.from('N\0\0\x01\x02'), 'bad-flags'],
  ['a recording after a look', Buffer.concat([Buffer.from('N\0\0\x01\0'), Buffer.from('S\0\0\0')]), 'bad-frame'],
  ['half a frame after a look', Buffer.concat([Buffer.from('N\0\0\x01\0'), Buffer.from('N\0')]), 'bad-frame'],
];

test.each(refused)('%s is refused', async (_what, bytes, code) => {
  const helper = startHelper(system.path, { env: { FAKE_SYSTEM: system.path } });
  helper.process.stdin.end(bytes);
  const { frames, status } = await helper.ended();
  expect(frames.slice(-2)).toMatchObject([
    { kind: 'refusal', code },
    { kind: 'bye', reason: 'refused' },
  ]);
  expect(status).toBe(1);
});

test('who is not root may look, and nothing else', async () => {
  for (const verb of ['S', 'F']) {
    const helper = startHelper(system.path, { env: { FAKE_SYSTEM: system.path, FAKE_USER: '1' } });
    helper.process.stdin.end(`${verb}\0\0\0`);
    const { frames } = await helper.ended();
    expect(frames).toMatchObject([{ kind: 'refusal', code: 'not-root' }, { kind: 'bye' }]);
  }
});

test('the real helper looks at this machine, as root and as nobody', async () => {
  const users = process.getuid?.() === 0 ? [undefined, 65_534] : [undefined];
  for (const uid of users) {
    const { snapshot, status, failure } = await takeLook('/nowhere', {
      program: 'capture-helper',
      ...(uid === undefined ? {} : { uid }),
    });
    expect({ status, failure }).toEqual({ status: 0, failure: undefined });
    expect(snapshot.processes.get(process.pid)?.comm).toBeDefined();
    expect(snapshot.processes.get(process.pid)?.inspected).toBe(uid === undefined);
    expect(snapshot.superblocks.map(({ type }) => type)).toContain('proc');
  }
});
