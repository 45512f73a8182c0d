import fc from 'fast-check';
import { expect, it } from 'vitest';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { accountForPresent } from '../../../shared/analysis/present/account-for-present.ts';
import { planRelease } from '../../../shared/analysis/present/plan-release.ts';
import type { SystemSnapshot } from '../../../shared/snapshot/system-snapshot.ts';
import { device, disk, loaded, makeSnapshot, mounted, opened, running, socket } from '../../support/make-snapshot.ts';
import { makeTable } from '../../support/make-table.ts';

const names = ['testmod', 'drm', 'vkms', 'ext4', 'loop', 'dm_mod', 'can_raw', 'af_alg', 'evdev', 'kvm_intel'];
const pids = [10, 11, 12, 13];
const nodes = [
  device('c10:120 misc testmod', { registered: 'testmod' }),
  device('c226:0 drm dri/card0', { driverModule: 'vkms' }),
  device('c13:64 input input/event0'),
  device('c10:232 misc kvm', { registered: 'kvm' }),
];

const pid = fc.constantFrom(...pids, 99);
const anyName = fc.oneof(fc.constantFrom(...names), fc.string({ unit: 'grapheme', maxLength: 12 }));
const module = fc.record({
  name: anyName,
  refcount: fc.option(fc.integer({ min: -1, max: 9 }), { nil: undefined }),
  refcountAfter: fc.option(fc.integer({ min: -1, max: 9 }), { nil: undefined }),
  permanent: fc.boolean(),
  state: fc.constantFrom('live' as const, 'coming' as const, 'going' as const),
  holders: fc.array(anyName, { maxLength: 3 }),
});
const descriptor = fc.record({ pid, fd: fc.nat(9) });
const file = fc.record({
  link: fc.constantFrom('/dev/testmod', 'anon_inode:kvm-vm', '/dmabuf:', '/dev/loop0'),
  type: fc.constantFrom('char' as const, 'block' as const, 'anonymous' as const),
  device: fc.constantFrom(undefined, ...nodes.map(({ key }) => key), 'b7:0', 'c1:3'),
  inode: fc.nat(5),
  flags: fc.constantFrom(2, 0o10000000),
  descriptors: fc.array(descriptor, { maxLength: 4 }),
  compared: fc.boolean(),
});
const superblock = fc.record({
  filesystem: fc.constantFrom('7:0', '8:1', '0:30', '254:0'),
  type: fc.constantFrom('ext4', 'fuse.sshfs', 'overlay', '9p', '__proto__', ''),
  options: fc.constantFrom('rw', 'rw,iocharset=utf8,codepage=437', 'lowerdir=/a:/b,upperdir=/c'),
  path: fc.option(fc.constantFrom('/', '/a', '/a/b', '/c'), { nil: undefined }),
  pid,
});

const system: fc.Arbitrary<SystemSnapshot> = fc
  .record({
    modules: fc.uniqueArray(module, { maxLength: 8, selector: ({ name }) => name }),
    files: fc.array(file, { maxLength: 8 }),
    superblocks: fc.uniqueArray(superblock, { maxLength: 4, selector: ({ filesystem }) => filesystem }),
    sockets: fc.array(fc.record({ pid, protocol: fc.constantFrom('CAN_RAW', 'ALG', 'TCP') }), { maxLength: 3 }),
    kernel: fc.constantFrom('4.19.0', '6.1.0-56-amd64', '6.12.9', 'odd'),
    crypto: fc.string({ maxLength: 60 }),
  })
  .map(({ modules, files, superblocks, sockets, kernel, crypto }) =>
    makeSnapshot({
      kernel,
      modules: modules.map((one) => ({ ...loaded('x 0'), ...one })),
      processes: pids.map((one) => running(`${one} p${one}`)),
      devices: nodes,
      openFiles: files.map((one) => ({ ...opened('1/1 -'), ...one })),
      superblocks: superblocks.map(({ filesystem, type, options, path, pid: who }) =>
        mounted(`${filesystem} x /dev/loop0${path === undefined ? '' : ` ${path}`}`, {
          type,
          options,
          standing: [{ pid: who, how: 'cwd', link: path ?? '/' }],
          standingCount: 1,
        }),
      ),
      sockets: sockets.map((one) => socket(`${one.pid}/3 ${one.protocol}`)),
      blockDevices: [
        disk('loop0 7:0', { backingFile: '/a/image' }),
        disk('dm-0 254:0', { mapperName: 'z', mapperUuid: 'LVM-1', slaves: ['loop0'] }),
      ],
      texts: { '/proc/crypto': crypto, 'iptables-legacy-save': crypto, 'dmsetup table': 'z: 0 8 linear 7:0 0' },
    }),
  );

const history = makeTable(`
  100 insmod-7 load testmod
  200 insmod-7 put testmod do_init_module 1
  300 p10-10 get testmod misc_open 2
  400 p99-99 get testmod misc_open 3
  500 modprobe-8 get drm resolve_symbol 2
  600 modprobe-8 load vkms
  700 mount-9 get ext4 get_filesystem 2`);
const recorded = { analysis: analyse(history), now: history.time[history.length - 1]! };

it.each([
  ['alone', undefined],
  ['with a recording', recorded],
])(
  'refcount = explained + unexplained, never below zero, and never more holders than references: %s',
  (_, recording) => {
    fc.assert(
      fc.property(system, (snapshot) => {
        for (const accounting of accountForPresent(snapshot, recording)) {
          const { refcount, explained, unexplained, linked, holders, arithmetic } = accounting;
          expect(explained + unexplained).toBe(Math.max(0, refcount ?? 0));
          expect(Math.min(explained, unexplained, linked)).toBeGreaterThanOrEqual(0);
          const sure = holders.filter(({ confidence }) => confidence !== 'low');
          expect(sure.reduce((sum, { references }) => sum + references, 0)).toBe(explained);
          expect(holders.reduce((sum, { references }) => sum + references, 0)).toBeLessThanOrEqual(
            Math.max(0, refcount ?? 0),
          );
          expect(holders.every(({ references, evidence }) => references > 0 && evidence.length > 0)).toBe(true);
          expect(new Set(holders.map(({ key, confidence }) => `${key} ${confidence === 'low'}`)).size).toBe(
            holders.length,
          );
          expect(arithmetic.startsWith(accounting.module)).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  },
  30_000,
);

it('the order in which things were read does not matter', () => {
  const shuffle = <Item>(list: readonly Item[], seed: number): Item[] =>
    list
      .map((item, index) => ({ item, key: Math.sin(index * 7919 + seed) }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item);
  fc.assert(
    fc.property(system, fc.nat(1000), (snapshot, seed) => {
      const shuffled: SystemSnapshot = {
        ...snapshot,
        modules: shuffle(snapshot.modules, seed),
        openFiles: shuffle(
          snapshot.openFiles.map((one) => ({ ...one, descriptors: shuffle(one.descriptors, seed) })),
          seed,
        ),
        superblocks: shuffle(snapshot.superblocks, seed),
        sockets: shuffle(snapshot.sockets, seed),
        blockDevices: shuffle(snapshot.blockDevices, seed),
        processes: new Map(shuffle([...snapshot.processes], seed)),
        devices: new Map(shuffle([...snapshot.devices], seed)),
        texts: new Map(shuffle([...snapshot.texts], seed)),
      };
      expect(accountForPresent(shuffled)).toEqual(accountForPresent(snapshot));
    }),
    { numRuns: 100 },
  );
}, 30_000);

it('a plan always ends, names each command once, and only what is loaded is unloaded', () => {
  fc.assert(
    fc.property(system, (snapshot) => {
      const accounts = accountForPresent(snapshot, recorded);
      for (const { module: name } of accounts) {
        const { steps, outcome, summary } = planRelease(accounts, snapshot, name);
        const unloads = steps
          .flatMap(({ alternatives }) => alternatives[0].command ?? [])
          .filter((one) => one.startsWith('modprobe'));
        expect(new Set(unloads).size).toBe(unloads.length);
        expect(summary).not.toBe('');
        expect(JSON.stringify(steps)).not.toMatch(/rmmod|--force/);
        if (outcome === 'free') expect(steps).toEqual([]);
      }
    }),
    { numRuns: 50 },
  );
}, 30_000);
