import * as fc from 'fast-check';
import { assert, property } from 'fast-check';
import { expect, test } from 'vitest';
import { createSnapshotReader, readSnapshot } from '../../../shared/snapshot/create-snapshot-reader.ts';
import { readSnapshotBytes, snapshotFixtures } from '../../support/read-snapshot-fixture.ts';

const frame = (type: string, body: Uint8Array) =>
  Uint8Array.of(type.charCodeAt(0), body.length >> 16, (body.length >> 8) & 255, body.length & 255, ...body);
const latin1 = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0) & 255);
const fact = (name: string, text: string, error = 0) =>
  frame('F', latin1(`\x01${String.fromCharCode(error)}${name}\0${text}`));
const end = (result = 'done', root = 1) =>
  frame('N', latin1(`version=1\nresult=${result}\nkernel=6.1\nroot=${root}\nbegan_ns=1\nended_ns=2\n`));

const subjects = ['', ' 1', ' 100', ' 8:1', ' c226:0', ' sda', ' 4026531841 1', ' x\xff', ' -1'];
const kinds = [
  'self',
  'module',
  'refcounts',
  'process',
  'file',
  'mappings',
  'mounts',
  'standing',
  'magic',
  'sockets',
  'device',
  'block',
  'left-out',
  'network',
  'constructor',
  '__proto__',
];
const paths = [
  '/proc/modules',
  '/proc/devices',
  '/proc/misc',
  '/proc/swaps',
  '/proc/net/netlink',
  '/proc/7/net/tcp6',
  '/sys/class/iommu/',
  'iptables-legacy-save',
];
const pieces = [
  '\0',
  ' ',
  '\n',
  ':',
  '/',
  '(',
  ')',
  ' - ',
  '\\012',
  '8:1',
  '1',
  '-',
  '4294967296',
  'c',
  'a',
  'ext4',
  '\xff',
  '\x1b',
  'NaN',
  '[permanent],',
  '0x0',
  'Live',
  'flags',
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 6 })), { maxLength: 40 })
  .map((parts) => parts.join(''));
const name = fc.oneof(
  fc.tuple(fc.constantFrom(...kinds), fc.constantFrom(...subjects)).map(([kind, subject]) => `:${kind}${subject}`),
  fc.constantFrom(...paths),
);

test('facts of any content are a snapshot, and never an exception', () => {
  assert(
    property(fc.array(fc.tuple(name, text, fc.nat(255)), { maxLength: 30 }), (facts) => {
      const outcome = readSnapshot([...facts.map(([path, content, error]) => fact(path, content, error)), end()]);
      expect(outcome.ok).toBe(true);
      if (!outcome.ok) return;
      const { modules, openFiles, superblocks, sockets, processes } = outcome.snapshot;
      for (const { refcount } of modules) expect(refcount === undefined || Number.isFinite(refcount)).toBe(true);
      for (const file of openFiles) expect(file.filesystem).toMatch(/^\d+:\d+$/);
      for (const one of superblocks) expect(one.filesystem).toMatch(/^\d+:\d+$/);
      for (const { inode } of sockets) expect(Number.isFinite(inode)).toBe(true);
      for (const [pid, process] of processes) expect(process.pid).toBe(pid);
    }),
    { numRuns: 500 },
  );
}, 60_000);

test('a snapshot does not depend on how its bytes are cut', () => {
  const bytes = readSnapshotBytes('network');
  const whole = readSnapshot([bytes]);
  assert(
    property(fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 20 }), (sizes) => {
      const reader = createSnapshotReader();
      for (let at = 0, i = 0; at < bytes.length; i++) {
        const size = sizes[i % sizes.length]!;
        reader.push(bytes.slice(at, at + size));
        at += size;
      }
      expect(reader.done).toBe(true);
      expect(reader.finish()).toEqual(whole);
    }),
    { numRuns: 20 },
  );
}, 60_000);

test('flipped bits make another snapshot or a problem, and never an exception', () => {
  const bytes = readSnapshotBytes('disks-and-mounts');
  assert(
    property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(7)), { minLength: 1, maxLength: 20 }), (flips) => {
      const spoilt = bytes.slice();
      for (const [at, bit] of flips) spoilt[at] = spoilt[at]! ^ (1 << bit);
      const outcome = readSnapshot([spoilt]);
      if (!outcome.ok) expect(outcome.problem.why).not.toBe('');
    }),
    { numRuns: 200 },
  );
}, 60_000);

test.each(snapshotFixtures)('%s: cut anywhere it is a problem, which says so', (fixture) => {
  const bytes = readSnapshotBytes(fixture);
  for (const length of [0, 1, 4, 5000, bytes.length - 200]) {
    const outcome = readSnapshot([bytes.subarray(0, length)]);
    expect(outcome).toMatchObject({ ok: false, problem: { why: 'The helper ended before it had told everything.' } });
  }
});

test('a refusal is told in its own words', () => {
  const outcome = readSnapshot([frame('E', latin1('not-root\nThe capture helper must run as root.'))]);
  expect(outcome).toMatchObject({ ok: false, problem: { what: 'The system could not be looked at.' } });
});

test('a look that broke off says so first', () => {
  for (const result of ['late', 'failed']) {
    const outcome = readSnapshot([fact(':left-out files', '7'), end(result)]);
    expect(outcome.ok && outcome.snapshot.unseen.map(({ what }) => what)).toEqual([
      'the rest of the system',
      '7 more files',
    ]);
  }
});

test('whether /proc hides processes is asked of the helper’s own namespace', () => {
  const mounts = (options: string) => `20 1 0:22 / /proc rw - proc proc ${options}\n`;
  const hidden = [
    fact(':mounts 7 1', mounts('rw')),
    fact(':mounts 8 99', mounts('rw,hidepid=2')),
    fact(':mounts 9 5', mounts('rw')),
  ];
  const unseen = (network: string) => {
    const outcome = readSnapshot([fact(':self', network), ...hidden, end('done', 0)]);
    return outcome.ok ? outcome.snapshot.unseen.map(({ why }) => why) : undefined;
  };
  expect(unseen('8 5 4026531836 5\0')).toEqual(['/proc hides them (hidepid).']);
  expect(unseen('9 5 4026531836 5\0')).toEqual([]);
});

test('a file that is too long is told in part, and as cut', () => {
  const outcome = readSnapshot([fact('/proc/net/tcp', 'the first lines', 27), fact('/proc/crypto', '', 13), end()]);
  expect(outcome.ok && outcome.snapshot.texts.get('/proc/net/tcp')).toBe('the first lines');
  expect(outcome.ok && outcome.snapshot.unseen).toEqual([
    { what: '/proc/net/tcp', why: 'There is more of it than is read.', count: undefined },
    { what: '/proc/crypto', why: 'Only root may look there.', count: undefined },
  ]);
});

test('a module that goes while it is read is left out, and no kernel without counts', () => {
  const outcome = readSnapshot([
    fact('/proc/modules', 'loop 40960 0 - Live 0x0\n'),
    fact(':module loop', '0\0live\0\0\0\0'),
    fact(':module brief', '\0\0\0\0\0'),
    end(),
  ]);
  expect(outcome.ok && outcome.snapshot.modules.map(({ name, refcount }) => [name, refcount])).toEqual([['loop', 0]]);
});

test('where /sys is hidden, modules are not said to have gone while they were read', () => {
  const outcome = readSnapshot([fact('/proc/modules', 'loop 40960 2 - Live 0x0\n'), fact(':refcounts', ''), end()]);
  expect(outcome.ok && outcome.snapshot.modules).toMatchObject([{ name: 'loop', refcount: 2, refcountAfter: 2 }]);
});

test('root of a container is told that it sees nobody outside, and who asked is known', () => {
  const look = (self: string) => {
    const outcome = readSnapshot([fact(':self', self), end()]);
    return outcome.ok ? [outcome.snapshot.asker, outcome.snapshot.unseen.map(({ what }) => what)] : undefined;
  };
  expect(look('8 5 4026532500 5\x00812\0')).toEqual([812, ['processes outside of this container']]);
  expect(look('8 5 4026531836 5\x000\0')).toEqual([undefined, []]);
});

test('a kernel without unloading has no counts', () => {
  const outcome = readSnapshot([
    fact('/proc/modules', 'loop 40960 - - Live 0x0\n'),
    fact(':module loop', '\0live\0\0\0\0'),
    end(),
  ]);
  expect(outcome.ok && outcome.snapshot.modules).toMatchObject([{ name: 'loop', refcount: undefined, holders: [] }]);
});

test('a module that is gone at the end, one that cannot be removed, and one that only just comes', () => {
  const list =
    'a 1 1 - Live 0x0\nb 1 1 [permanent], Live 0x0 (OE)\nc 1 2 x,y, Loading 0x0 (+)\nd 1 -1 - Unloading 0x0\n';
  const outcome = readSnapshot([fact('/proc/modules', list), fact(':refcounts', 'a\0\0b\x001\0'), end()]);
  expect(outcome.ok && outcome.snapshot.modules).toMatchObject([
    { name: 'a', refcountAfter: undefined, permanent: false },
    { name: 'b', refcountAfter: 1, permanent: true, taints: 'OE', holders: [] },
    { name: 'c', state: 'coming', holders: ['x', 'y'], taints: '' },
    { name: 'd', state: 'going', refcount: -1 },
  ]);
});

test('addresses are as people write them', () => {
  const lines = [
    'sl local_address rem_address st tx_queue rx_queue tr retrnsmt uid timeout inode',
    '0: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 0 0 77 1',
    '1: 0100007F:1F90 0200007F:0016 01 0:0 0:0 0 0 0 78 1',
  ];
  const six = '0: 00000000000000000000000001000000:0035 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 79 1';
  const outcome = readSnapshot([
    fact('/proc/net/tcp', lines.join('\n')),
    fact('/proc/net/tcp6', six),
    fact('/proc/net/unix', '0000: 00000002 00000000 00010000 0001 01 80 /run/a b'),
    fact(':sockets', [77, 78, 79, 80].map((inode) => `${inode}\0TCP\x001:2\0`).join('')),
    end(),
  ]);
  expect(outcome.ok && outcome.snapshot.sockets.map(({ about }) => about)).toEqual([
    '127.0.0.1:8080',
    '127.0.0.1:8080 → 127.0.0.2:22',
    '[::1]:53',
    '/run/a b',
  ]);
});
