import type { BlockDevice } from '../../../snapshot/system-snapshot.ts';
import type { SnapshotIndex } from '../index-snapshot.ts';
import { quoteOperand, quoteShell } from '../quote-shell.ts';
import type { Count, Found, ReferenceRule } from '../reference-rule.ts';
import { keysOfOpeners, openerId, openersOf } from './block-openers.ts';

/** Whose a block device is, where no directory of /sys says it. */
const drivers: readonly (readonly [RegExp, string])[] = [
  [/^loop/, 'loop'],
  [/^dm-/, 'dm_mod'],
  [/^md/, 'md_mod'],
  [/^sd/, 'sd_mod'],
  [/^sr/, 'sr_mod'],
  // The disk belongs to the core, whatever drives the controller.
  [/^nvme/, 'nvme_core'],
  [/^vd/, 'virtio_blk'],
  [/^zram/, 'zram'],
  [/^nbd/, 'nbd'],
  [/^ram/, 'brd'],
  [/^nullb/, 'null_blk'],
  [/^mmcblk/, 'mmc_block'],
  [/^drbd/, 'drbd'],
  [/^rbd/, 'rbd'],
  [/^bcache/, 'bcache'],
  [/^xvd/, 'xen_blkfront'],
  [/^fd\d/, 'floppy'],
  [/^mtdblock/, 'mtdblock'],
  [/^ubiblock/, 'ubi'],
  [/^pmem/, 'nd_pmem'],
  [/^zd/, 'zfs'],
];

function driverOf(index: SnapshotIndex, { name, driverModule }: BlockDevice): string | undefined {
  const known = drivers.find(([pattern]) => pattern.test(name))?.[1];
  return index.module(known) ?? (known === undefined ? index.module(driverModule) : undefined);
}

/** SCSI disks hold the driver of their host as well, NVMe disks that of their controller. */
function hostOf(index: SnapshotIndex, { name, hostModule, driverModule }: BlockDevice): string | undefined {
  if (/^(sd|sr)/.test(name)) return index.module(hostModule);
  return /^nvme/.test(name) ? index.module(driverModule === 'nvme_core' ? 'nvme' : driverModule) : undefined;
}

/** Each opener holds the driver of the device. */
function* findOpeners(index: SnapshotIndex): Generator<Found> {
  const { openers } = openersOf(index);
  // Up to 5.10 only the first opener of a device held its module, and that of a partition the whole disk's as well.
  const perOpener = index.kernelAtLeast(5, 11);
  const seen = new Set<string>();
  for (const { device, disk, times, more, noun, thing, name, object, pids, evidence, after, ways } of openers) {
    const driver = driverOf(index, disk);
    const host = hostOf(index, disk);
    const whole = device === disk.device;
    const isFirst = !seen.has(device);
    seen.add(device);
    const held = perOpener ? times : isFirst ? (whole ? 1 : 2) : 0;
    const counts: Count[] = [];
    const extra = more > 0 && perOpener ? { more } : {};
    if (driver !== undefined && held > 0)
      counts.push({ module: driver, references: held, ...extra, confidence: 'certain' });
    // The driver's own open is called once for a partition, however many have it open.
    const opened = whole ? times : isFirst ? 1 : 0;
    if (host !== undefined && opened > 0) counts.push({ module: host, references: opened, confidence: 'high' });
    yield {
      thing,
      name,
      object,
      noun,
      pids,
      counts,
      evidence: [evidence],
      after,
      ...(ways === undefined ? {} : { ways }),
    };
  }
}

function* findLoops(index: SnapshotIndex): Generator<Found> {
  const loop = index.module('loop');
  for (const disk of index.snapshot.blockDevices) {
    const { name, backingFile } = disk;
    if (backingFile === undefined) continue;
    const openers = keysOfOpeners(index, disk);
    const endsAlone = openers.length > 0 && index.text(`/sys/block/${name}/loop/autoclear`)?.trim() === '1';
    yield {
      thing: name,
      name,
      object: `/dev/${name} of ${backingFile}`,
      pids: [],
      counts: loop === undefined ? [] : [{ module: loop, references: 1, confidence: 'certain' }],
      evidence: [`/sys/block/${name}/loop/backing_file is ${backingFile}`],
      after: openers,
      // mount(8) makes loop devices that end with their last opener: there is nothing to detach then.
      ways: endsAlone ? [] : [{ title: `Detach /dev/${name}`, command: `losetup -d /dev/${name}`, consequence: '' }],
    };
  }
}

const builtInTargets = new Set(['linear', 'striped']);
const targetModules: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'snapshot-origin': 'dm_snapshot',
    'snapshot-merge': 'dm_snapshot',
    thin: 'dm_thin_pool',
    writecache: 'dm_writecache',
  }),
);
const uuidTargets: readonly (readonly [RegExp, string])[] = [
  [/^CRYPT-VERITY/, 'verity'],
  [/^CRYPT-INTEGRITY/, 'integrity'],
  [/^CRYPT-/, 'crypt'],
  [/^mpath-/, 'multipath'],
  [/^LVM-/, 'linear'],
];

function moduleOfTarget(index: SnapshotIndex, type: string): string | undefined {
  if (builtInTargets.has(type)) return index.module('dm_mod');
  return index.module(targetModules.get(type) ?? `dm_${type}`);
}

/** Lines of `dmsetup table`, `name: 0 1000 zero …`, by name. */
function readTables(index: SnapshotIndex): ReadonlyMap<string, readonly string[]> {
  const tables = new Map<string, string[]>();
  for (const { text } of index.matching(/(?:\/\S*\/)?dmsetup table.*/)) {
    for (const [, name, type] of text.matchAll(/^(.*?): \d+ \d+ ([\w-]+)/gm)) {
      tables.set(name!, [...(tables.get(name!) ?? []), type!]);
    }
  }
  return tables;
}

function* findMapped(index: SnapshotIndex): Generator<Found> {
  const core = index.module('dm_mod');
  const tables = readTables(index);
  for (const disk of index.snapshot.blockDevices) {
    const { name, mapperName, mapperUuid } = disk;
    if (mapperName === undefined) continue;
    const listed = tables.get(mapperName);
    const guessed = uuidTargets.find(([pattern]) => pattern.test(mapperUuid ?? ''))?.[1];
    const targets = listed ?? (guessed === undefined ? [] : [guessed]);
    const counts: Count[] = core === undefined ? [] : [{ module: core, references: 1, confidence: 'certain' }];
    for (const type of targets) {
      const module = moduleOfTarget(index, type);
      if (module !== undefined)
        counts.push({ module, references: 1, confidence: listed === undefined ? 'medium' : 'certain' });
    }
    yield {
      thing: name,
      name: mapperName,
      object: `/dev/mapper/${mapperName}`,
      pids: [],
      counts,
      evidence: [
        `/sys/block/${name}/dm/name is ${mapperName}`,
        ...(listed === undefined
          ? []
          : [`its table has ${listed.length === 1 ? 'the target' : 'the targets'} ${listed.slice(0, 8).join(', ')}`]),
      ],
      after: keysOfOpeners(index, disk),
      ways: [
        ...(/^CRYPT-/.test(mapperUuid ?? '')
          ? [{ title: `Close ${mapperName}`, command: `cryptsetup close ${quoteOperand(mapperName)}`, consequence: '' }]
          : []),
        ...(/^LVM-/.test(mapperUuid ?? '')
          ? [
              {
                title: `Deactivate ${mapperName}`,
                command: `lvchange -an ${quoteShell(`/dev/mapper/${mapperName}`)}`,
                consequence: '',
              },
            ]
          : []),
        { title: `Remove ${mapperName}`, command: `dmsetup remove ${quoteOperand(mapperName)}`, consequence: '' },
      ],
    };
  }
}

function* findArrays(index: SnapshotIndex): Generator<Found> {
  for (const disk of index.snapshot.blockDevices) {
    const { name, raidLevel } = disk;
    if (!name.startsWith('md') || raidLevel === undefined || raidLevel === '') continue;
    const module =
      index.module(/^raid[456]$/.test(raidLevel) ? 'raid456' : raidLevel) ?? index.module(`md_${raidLevel}`);
    yield {
      thing: name,
      name,
      object: `/dev/${name} (${raidLevel})`,
      pids: [],
      counts: module === undefined ? [] : [{ module, references: 1, confidence: 'certain' }],
      evidence: [`/sys/block/${name}/md/level is ${raidLevel}`],
      after: keysOfOpeners(index, disk),
      ways: [{ title: `Stop ${name}`, command: `mdadm --stop ${quoteShell(`/dev/${name}`)}`, consequence: '' }],
    };
  }
}

const schedulers: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'mq-deadline': 'mq_deadline',
    kyber: 'kyber_iosched',
    cfq: 'cfq_iosched',
  }),
);

function* findSchedulers(index: SnapshotIndex): Generator<Found> {
  for (const { name, scheduler } of index.snapshot.blockDevices) {
    const module = scheduler === undefined ? undefined : index.module(schedulers.get(scheduler) ?? scheduler);
    if (module === undefined || scheduler === 'none') continue;
    yield {
      thing: name,
      name,
      object: `queue of /dev/${name}`,
      pids: [],
      counts: [{ module, references: 1, confidence: 'certain' }],
      evidence: [`/sys/block/${name}/queue/scheduler has [${scheduler}]`],
      ways: [
        {
          title: `Let ${name} do without a scheduler`,
          command: `echo none > /sys/block/${quoteShell(name)}/queue/scheduler`,
          consequence: '',
        },
      ],
    };
  }
}

/** One that is connected, or only open, has a configuration, which counts. */
function* findNetworkDisks(index: SnapshotIndex): Generator<Found> {
  const nbd = index.module('nbd');
  for (const disk of index.snapshot.blockDevices) {
    const { name } = disk;
    if (!/^nbd\d+$/.test(name)) continue;
    const path = `/sys/block/${name}/pid`;
    const connected = index.text(path)?.trim();
    const openers = keysOfOpeners(index, disk);
    if (connected === undefined && openers.length === 0) continue;
    yield {
      thing: name,
      name,
      object: `/dev/${name}`,
      pids: [],
      counts: nbd === undefined ? [] : [{ module: nbd, references: 1, confidence: 'high' }],
      evidence: [
        connected === undefined
          ? `/dev/${name} is open, and has a configuration for as long as it is`
          : `${path} is ${connected}`,
      ],
      after: openers,
      ways:
        connected === undefined
          ? []
          : [{ title: `Disconnect ${name}`, command: `nbd-client -d /dev/${name}`, consequence: '' }],
    };
  }
}

/** Block devices: who has them open, and what is configured on top. */
export const blockDeviceRules: readonly ReferenceRule[] = [
  {
    id: openerId,
    kind: 'block-open',
    meaning: 'A block device is open: by a mount, by swap, by a device that is built on it, or by a program.',
    release: 'End what uses the device.',
    source: 'bdev_open, scsi_device_get',
    stage: 2,
    find: findOpeners,
  },
  {
    id: 'loop-device',
    kind: 'loop-device',
    meaning: 'A loop device is bound to a file.',
    release: 'Detach it.',
    source: 'loop_configure',
    stage: 3,
    find: findLoops,
  },
  {
    id: 'dm-device',
    kind: 'dm-device',
    meaning: 'A device-mapper device exists, and each line of its table holds the target’s module.',
    release: 'Remove it.',
    source: 'alloc_dev, dm_get_target_type',
    stage: 3,
    find: findMapped,
  },
  {
    id: 'md-array',
    kind: 'md-array',
    meaning: 'A RAID array of this level runs.',
    release: 'Stop it.',
    source: 'md_run',
    stage: 3,
    find: findArrays,
  },
  {
    id: 'io-scheduler',
    kind: 'io-scheduler',
    meaning: 'A disk queues its work with this scheduler.',
    release: 'Choose another scheduler for it.',
    source: 'elevator_alloc',
    stage: 4,
    find: findSchedulers,
  },
  {
    id: 'nbd-device',
    kind: 'nbd-device',
    meaning: 'A network block device is connected, or open.',
    release: 'Disconnect it.',
    source: 'nbd_alloc_and_init_config',
    stage: 3,
    find: findNetworkDisks,
  },
];
