import type { BlockDevice } from '../../../snapshot/system-snapshot.ts';
import { isOpen, type SnapshotIndex } from '../index-snapshot.ts';
import { oldestOf, wordProcess } from '../name-process.ts';
import type { ReleaseWay } from '../present-accounting.ts';
import { quoteShell } from '../quote-shell.ts';
import { keyOf } from '../reference-rule.ts';
import { listSwaps } from './list-swaps.ts';
import { mountKey } from './superblocks.ts';

/** One that has a block device open. */
export interface Opener {
  readonly device: string;
  readonly disk: BlockDevice;
  readonly thing: string;
  readonly name: string;
  readonly object: string;
  readonly noun: string;
  readonly pids: readonly number[];
  readonly times: number;
  readonly more: number;
  readonly evidence: string;
  readonly after: readonly string[];
  readonly ways?: readonly ReleaseWay[];
}

/** The disk or partition behind a name in /dev, also of device-mapper. */
function findNode(index: SnapshotIndex, source: string): { device: string; disk: BlockDevice } | undefined {
  const mapped = /^\/dev\/mapper\/(.+)$/.exec(source)?.[1];
  const disk =
    mapped === undefined
      ? index.disks.get(source.replace(/^\/dev\//, ''))
      : index.snapshot.blockDevices.find(({ mapperName }) => mapperName === mapped);
  if (disk === undefined) return undefined;
  const part = disk.partitions.find(({ name }) => `/dev/${name}` === source);
  return { device: part?.device ?? disk.device, disk };
}

function* mountsOf(index: SnapshotIndex): Generator<Opener> {
  for (const { filesystem, source, type, mountPoints } of index.snapshot.superblocks) {
    const direct = index.diskOf.get(filesystem);
    // Of a pseudo filesystem the source is any word that the person gave.
    const named = /^(btrfs|bcachefs)$/.test(type) ? findNode(index, source) : undefined;
    const found = direct === undefined ? named : { device: filesystem, disk: direct };
    if (found === undefined) continue;
    const place = mountPoints[0]?.path ?? `unmounted ${type}`;
    yield {
      ...found,
      thing: `mount ${filesystem}`,
      name: place,
      object: `/dev/${nameOf(found.disk, found.device)} mounted on ${place}`,
      noun: 'mounted device',
      pids: [],
      times: 1,
      more: 0,
      evidence: `${source} is mounted on ${place}`,
      after: [mountKey(filesystem)],
      ways: [],
    };
  }
}

function nameOf(disk: BlockDevice, device: string): string {
  return disk.partitions.find((part) => part.device === device)?.name ?? disk.name;
}

function* swapsOf(index: SnapshotIndex): Generator<Opener> {
  const listed = listSwaps(index);
  const names =
    listed.length > 0
      ? listed.filter(({ type }) => type === 'partition').map(({ path }) => path)
      : index.snapshot.blockDevices.filter(({ swap }) => swap).map(({ name }) => `/dev/${name}`);
  for (const name of names) {
    const found = findNode(index, name);
    if (found === undefined) continue;
    yield {
      ...found,
      thing: `swap ${nameOf(found.disk, found.device)}`,
      name,
      object: `${name} (swap)`,
      noun: 'swap area',
      pids: [],
      // The file that swapon(2) opened, and up to 6.9 a second opening that claimed the device.
      times: index.kernelAtLeast(6, 10) ? 1 : 2,
      more: 0,
      evidence: `/proc/swaps lists ${name}`,
      after: [],
      ways: [
        {
          title: `Stop swapping to ${name}`,
          command: `swapoff ${quoteShell(name)}`,
          consequence: 'what is swapped out must fit into memory',
        },
      ],
    };
  }
}

function* stacksOf(index: SnapshotIndex): Generator<Opener> {
  for (const upper of index.snapshot.blockDevices) {
    for (const slave of upper.slaves) {
      const disk = index.disks.get(slave);
      if (disk === undefined) continue;
      const device = disk.partitions.find(({ name }) => name === slave)?.device ?? disk.device;
      yield {
        device,
        disk,
        thing: `${upper.name} on ${slave}`,
        name: upper.mapperName ?? upper.name,
        object: `/dev/${slave} under ${upper.mapperName ?? upper.name}`,
        noun: 'device built on it',
        pids: [],
        times: 1,
        more: 0,
        evidence: `/sys/block/${upper.name}/slaves lists ${slave}`,
        after: [configuredKey(upper)],
        ways: [],
      };
    }
  }
}

function* filesOf(index: SnapshotIndex): Generator<Opener> {
  for (const file of index.snapshot.openFiles) {
    if (file.type !== 'block' || file.device === undefined || !isOpen(file)) continue;
    const device = file.device.slice(1);
    const disk = index.diskOf.get(device);
    const [first] = file.descriptors;
    if (disk === undefined || first === undefined) continue;
    const pids = [...new Set(file.descriptors.map(({ pid }) => pid))];
    const oldest = oldestOf(index.snapshot, pids);
    yield {
      device,
      disk,
      thing: `${device} ${oldest}`,
      name: index.process(oldest ?? -1)?.comm ?? '',
      object: `/dev/${nameOf(disk, device)}`,
      noun: 'file',
      pids,
      times: 1,
      more: file.compared ? 0 : file.descriptors.length - 1,
      evidence: `fd ${first.fd} of ${wordProcess(index.snapshot, first.pid)} is /dev/${nameOf(disk, device)} (${device})`,
      after: [],
    };
  }
}

/** Loop devices may be bound to other block devices, which they then have open. */
function* loopsOf(index: SnapshotIndex): Generator<Opener> {
  for (const loop of index.snapshot.blockDevices) {
    const found = loop.backingFile?.startsWith('/dev/') ? findNode(index, loop.backingFile) : undefined;
    if (found === undefined) continue;
    yield {
      ...found,
      thing: `loop ${loop.name}`,
      name: loop.name,
      object: `${loop.backingFile} under ${loop.name}`,
      noun: 'device built on it',
      pids: [],
      times: 1,
      more: 0,
      evidence: `/sys/block/${loop.name}/loop/backing_file is ${loop.backingFile}`,
      after: [keyOf({ id: 'loop-device' }, loop.name)],
      ways: [],
    };
  }
}

/** Every opener of every block device, and the keys of them by disk. Made once for a snapshot. */
const openersBySnapshot = new WeakMap<
  SnapshotIndex,
  { readonly openers: readonly Opener[]; readonly keys: ReadonlyMap<BlockDevice, readonly string[]> }
>();
export function openersOf(index: SnapshotIndex) {
  let known = openersBySnapshot.get(index);
  if (known === undefined) {
    const openers = [mountsOf, swapsOf, stacksOf, filesOf, loopsOf].flatMap((find) => [...find(index)]);
    const keys = new Map<BlockDevice, string[]>();
    for (const { disk, thing } of openers) {
      const key = keyOf({ id: openerId }, thing);
      const list = keys.get(disk);
      if (list === undefined) keys.set(disk, [key]);
      else list.push(key);
    }
    known = { openers, keys };
    openersBySnapshot.set(index, known);
  }
  return known;
}

/** The key of a device that somebody configured: it can go once nobody has it open. */
function configuredKey({ name }: BlockDevice): string {
  const id = /^loop/.test(name)
    ? 'loop-device'
    : /^dm-/.test(name)
      ? 'dm-device'
      : /^md/.test(name)
        ? 'md-array'
        : 'nbd-device';
  return keyOf({ id }, name);
}

/** The keys of everything that has a disk open. */
export function keysOfOpeners(index: SnapshotIndex, disk: BlockDevice): readonly string[] {
  return openersOf(index).keys.get(disk) ?? [];
}

/** Id of the rule that counts openers. */
export const openerId = 'block-open';
