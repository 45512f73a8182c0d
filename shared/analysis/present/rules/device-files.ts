import type { DeviceFact, OpenFile } from '../../../snapshot/system-snapshot.ts';
import type { ConfidenceName } from '../../hold-table.ts';
import { findDriver, findRegistrar, findScsiHost, type Served } from '../find-driver.ts';
import { weaker } from '../fit-claims.ts';
import type { SnapshotIndex } from '../index-snapshot.ts';
import { oldestOf, wordProcess } from '../name-process.ts';
import { type Count, type Found, keyOf, type ReferenceRule } from '../reference-rule.ts';
import {
  findDiskOwner,
  findEmulator,
  findFramebuffer,
  findI2cAdapter,
  findOpenedController,
  findSoundCard,
  findTtyChip,
  findTtyDriver,
  findWatchdog,
  findWatchdogOfMisc,
} from './find-served.ts';

/** Who gets a reference of an open file, and how many. */
interface Share {
  readonly references: number;
  readonly of: (index: SnapshotIndex, device: DeviceFact, file: OpenFile | undefined) => Served | undefined;
  /** Taken once for the device, however many have it open. */
  readonly once?: boolean;
  /** Not by the open itself but by what programs mostly do next: claimed only where the refcount asks for it. */
  readonly later?: boolean;
}

/** What one open of a character device counts on. */
export interface DeviceRow {
  readonly subsystem: string;
  /** Only nodes of these names in /dev. */
  readonly node?: RegExp;
  readonly kind: string;
  readonly shares: readonly Share[];
  readonly source: string;
  /** At most; without it, as sure as the module is. */
  readonly confidence?: ConfidenceName;
  /** What else happens where a program lets go. */
  readonly aftermath?: string;
}

const core = (name: string, references = 1): Share => ({
  references,
  of: (index) => {
    const module = index.module(name);
    return module === undefined ? undefined : { module, confidence: 'certain' };
  },
});
const driver = (references = 1): Share => ({ references, of: findDriver });
const registrar = (references = 1): Share => ({ references, of: findRegistrar });

/** Most programs leave a watchdog running that they do not close in order. Source: watchdog_release. */
const UNFED = 'the machine reboots when nobody feeds the watchdog: disarm it at once';

/**
 * Which modules one open counts on is a property of the subsystem: its own module, the driver, both, or only the
 * module that swaps its file operations in. The first row that fits a node is its row.
 */
const rows: readonly DeviceRow[] = [
  { subsystem: 'drm', kind: 'drm-file', shares: [core('drm'), driver()], source: 'chrdev_open, drm_stub_open' },
  {
    subsystem: 'sound',
    node: /^snd\/pcm/,
    kind: 'sound-stream',
    shares: [core('snd'), core('snd_pcm'), { references: 1, of: findSoundCard }],
    source: 'snd_open, snd_pcm_open',
  },
  {
    subsystem: 'sound',
    node: /^snd\/control/,
    kind: 'sound-control',
    shares: [core('snd', 2), { references: 1, of: findSoundCard }],
    source: 'snd_open, snd_ctl_open',
  },
  {
    subsystem: 'sound',
    node: /^snd\/timer/,
    kind: 'sound-timer',
    shares: [core('snd'), core('snd_timer')],
    source: 'snd_open',
  },
  {
    subsystem: 'sound',
    node: /^snd\/seq/,
    kind: 'sound-seq',
    shares: [core('snd'), core('snd_seq')],
    source: 'snd_open',
  },
  {
    subsystem: 'sound',
    node: /^snd\/midi/,
    kind: 'sound-midi',
    shares: [core('snd'), core('snd_rawmidi'), { references: 1, of: findSoundCard }],
    source: 'snd_open, snd_rawmidi_open',
  },
  {
    subsystem: 'sound',
    node: /^snd\/hw/,
    kind: 'sound',
    shares: [core('snd'), core('snd_hwdep'), { references: 1, of: findSoundCard }],
    source: 'snd_open, snd_hwdep_open',
  },
  { subsystem: 'input', node: /^input\/event/, kind: 'process-fd', shares: [core('evdev')], source: 'chrdev_open' },
  { subsystem: 'input', node: /^input\/js/, kind: 'process-fd', shares: [core('joydev')], source: 'chrdev_open' },
  { subsystem: 'input', node: /^input\/m/, kind: 'process-fd', shares: [core('mousedev')], source: 'chrdev_open' },
  { subsystem: 'video4linux', kind: 'process-fd', shares: [core('videodev'), driver()], source: 'chrdev_open' },
  { subsystem: 'media', kind: 'process-fd', shares: [core('mc'), driver()], source: 'chrdev_open' },
  { subsystem: 'cec', kind: 'process-fd', shares: [core('cec'), driver()], source: 'chrdev_open' },
  {
    subsystem: 'i2c-dev',
    kind: 'i2c-adapter',
    shares: [core('i2c_dev', 2), { references: 1, of: findI2cAdapter }],
    source: 'chrdev_open, i2c_get_adapter',
  },
  {
    subsystem: 'tty',
    kind: 'tty-device',
    shares: [
      { references: 1, of: findTtyDriver },
      { references: 1, of: findTtyDriver, once: true },
      { references: 1, of: findTtyChip, once: true },
    ],
    source: 'chrdev_open, tty_init_dev, serial_install',
  },
  {
    subsystem: 'misc',
    node: /^net\/tun$/,
    kind: 'process-fd',
    shares: [core('tun', 2)],
    source: 'misc_open, sk_prot_alloc',
  },
  {
    subsystem: 'misc',
    node: /^watchdog$/,
    kind: 'process-fd',
    shares: [core('watchdog'), { references: 1, of: findWatchdogOfMisc }],
    source: 'misc_open, watchdog_open',
    aftermath: UNFED,
  },
  {
    subsystem: 'misc',
    node: /^vfio\/vfio$/,
    kind: 'vfio-container',
    shares: [core('vfio'), { ...core('vfio_iommu_type1'), later: true }],
    source: 'misc_open, vfio_ioctl_set_iommu',
    confidence: 'high',
  },
  { subsystem: 'misc', kind: 'process-fd', shares: [registrar()], source: 'misc_open' },
  {
    subsystem: 'watchdog',
    kind: 'process-fd',
    shares: [core('watchdog'), { references: 2, of: findWatchdog }],
    source: 'chrdev_open, watchdog_open',
    aftermath: UNFED,
  },
  {
    subsystem: 'graphics',
    kind: 'process-fd',
    shares: [core('fb', 2), { references: 1, of: findFramebuffer }, { references: 1, of: findEmulator }],
    source: 'chrdev_open, fb_open, drm_fbdev_fb_open',
    confidence: 'medium',
  },
  {
    subsystem: 'scsi_generic',
    kind: 'process-fd',
    shares: [core('sg', 3), { references: 1, of: (index, device) => findScsiHost(index, device.path) }],
    source: 'chrdev_open, sg_open, scsi_device_get',
  },
  {
    subsystem: 'scsi_tape',
    kind: 'process-fd',
    shares: [core('st', 2), { references: 1, of: (index, device) => findScsiHost(index, device.path) }],
    source: 'chrdev_open, st_open, scsi_device_get',
    confidence: 'medium',
  },
  {
    subsystem: 'nvme',
    kind: 'process-fd',
    shares: [core('nvme_core'), driver(), { references: 1, of: findOpenedController }],
    source: 'chrdev_open, nvme_dev_open',
  },
  // Of a disk with several paths the node belongs to none of them, and nothing but the core is held.
  {
    subsystem: 'nvme-generic',
    kind: 'process-fd',
    shares: [core('nvme_core'), { references: 1, of: findDiskOwner }, driver()],
    source: 'chrdev_open, nvme_ns_chr_open',
  },
  { subsystem: 'macvtap', kind: 'process-fd', shares: [registrar(), core('tap', 2)], source: 'chrdev_open, tap_open' },
  { subsystem: 'ipvtap', kind: 'process-fd', shares: [registrar(), core('tap', 2)], source: 'chrdev_open, tap_open' },
  { subsystem: 'ppp', kind: 'process-fd', shares: [core('ppp_generic', 2)], source: 'chrdev_open' },
  { subsystem: 'msr', kind: 'process-fd', shares: [core('msr', 2)], source: 'chrdev_open' },
  { subsystem: 'cpuid', kind: 'process-fd', shares: [core('cpuid', 2)], source: 'chrdev_open' },
  {
    subsystem: 'mtd',
    kind: 'mtd-device',
    shares: [core('mtd', 2), driver()],
    source: 'mtdchar_open',
    confidence: 'medium',
  },
  { subsystem: 'hidraw', kind: 'process-fd', shares: [core('hid')], source: 'chrdev_open' },
  { subsystem: 'usb', kind: 'process-fd', shares: [core('usbcore')], source: 'chrdev_open' },
  { subsystem: 'usb_device', kind: 'process-fd', shares: [core('usbcore')], source: 'chrdev_open' },
  // Control channels are of this driver, whichever the interface has.
  {
    subsystem: 'usbmisc',
    node: /^cdc-wdm/,
    kind: 'process-fd',
    shares: [core('usbcore'), core('cdc_wdm')],
    source: 'chrdev_open, usb_open',
  },
  {
    subsystem: 'usbmisc',
    kind: 'process-fd',
    shares: [core('usbcore'), driver()],
    source: 'chrdev_open, usb_open',
    confidence: 'high',
  },
  {
    subsystem: 'uio',
    kind: 'process-fd',
    shares: [core('uio', 2), driver()],
    source: 'chrdev_open, uio_open',
    confidence: 'medium',
  },
  {
    subsystem: 'iio',
    kind: 'process-fd',
    shares: [core('industrialio'), driver()],
    source: 'chrdev_open',
    confidence: 'medium',
  },
  {
    subsystem: 'mei',
    kind: 'process-fd',
    shares: [core('mei'), driver()],
    source: 'chrdev_open',
    confidence: 'medium',
  },
  { subsystem: 'rtc', kind: 'process-fd', shares: [driver()], source: 'chrdev_open', confidence: 'medium' },
  { subsystem: 'kfd', kind: 'process-fd', shares: [core('amdgpu', 2)], source: 'chrdev_open', confidence: 'high' },
  { subsystem: 'vfio', kind: 'vfio-device', shares: [core('vfio', 2)], source: 'chrdev_open' },
  {
    subsystem: 'ipmi',
    kind: 'ipmi-user',
    shares: [core('ipmi_devintf', 2), driver()],
    source: 'chrdev_open, ipmi_create_user',
    confidence: 'medium',
  },
  {
    subsystem: 'infiniband_verbs',
    kind: 'process-fd',
    shares: [core('ib_uverbs', 2), driver()],
    source: 'chrdev_open, ib_uverbs_open',
    confidence: 'medium',
  },
  { subsystem: 'lirc', kind: 'process-fd', shares: [core('rc_core')], source: 'chrdev_open', confidence: 'medium' },
];

/** What no row knows: most likely one reference on who registered the number, or else on the driver. */
const unknown: DeviceRow = {
  subsystem: '',
  kind: 'process-fd',
  shares: [{ references: 1, of: (index, device) => findRegistrar(index, device) ?? findDriver(index, device) }],
  source: 'chrdev_open',
  confidence: 'medium',
};

/** The row of a node, by its subsystem and its name in /dev. */
export function rowOf(device: DeviceFact): DeviceRow {
  return (
    rows.find(({ subsystem, node }) => subsystem === device.subsystem && (node?.test(device.name ?? '') ?? true)) ??
    unknown
  );
}

/**
 * What some open files of one device count on.
 *
 * @param files how many open files there are at least
 * @param more how many more there may be
 */
export function countsOf(
  index: SnapshotIndex,
  row: DeviceRow,
  device: DeviceFact,
  file: OpenFile | undefined,
  { files, more, first }: { readonly files: number; readonly more: number; readonly first: boolean },
): Count[] {
  return row.shares.flatMap(({ references, of, once, later }): Count[] => {
    const served = of(index, device, file);
    if (served === undefined || (once === true && !first)) return [];
    if (later === true)
      return [{ module: served.module, references: 0, more: references * (files + more), confidence: 'medium' }];
    const times = once === true ? 1 : files;
    return [
      {
        module: served.module,
        references: references * times,
        ...(more > 0 && once !== true ? { more: references * more } : {}),
        confidence: weaker(served.confidence, row.confidence ?? 'certain'),
      },
    ];
  });
}

/** `/dev/dri/card0`, though the link may call it deleted, or say it from another root. */
export function nodeOf(device: DeviceFact | undefined, link: string): string {
  return device?.name === undefined ? link : `/dev/${device.name}`;
}

type Opened = { readonly file: OpenFile; readonly device: DeviceFact };

function nameOpened({ snapshot }: SnapshotIndex, { file, device }: Opened): string {
  const pids = file.descriptors.map(({ pid }) => pid);
  return `${device.key} ${oldestOf(snapshot, pids)}`;
}

function* findDeviceFiles(index: SnapshotIndex, row: DeviceRow, id: string): Generator<Found> {
  const { snapshot } = index;
  const files =
    row === unknown
      ? [...index.characterFiles.values()].flatMap((list) => list.filter(({ device }) => rowOf(device) === unknown))
      : (index.characterFiles.get(row.subsystem) ?? []);
  const seen = new Set<string>();
  // What is taken once for a device is given back by the last that has it open.
  const hasOnce = row.shares.some(({ once }) => once === true);
  for (const opened of files) {
    const { file, device } = opened;
    if (rowOf(device) !== row) continue;
    const pids = [...new Set(file.descriptors.map(({ pid }) => pid))];
    const more = file.compared ? 0 : Math.max(0, file.descriptors.length - 1);
    const isFirst = !seen.has(device.key);
    const counts = countsOf(index, row, device, file, { files: 1, more, first: isFirst });
    if (counts.length === 0) continue;
    seen.add(device.key);
    const thing = nameOpened(index, opened);
    const others = hasOnce && isFirst ? files.filter((other) => other.device.key === device.key) : [];
    const node = nodeOf(device, file.link);
    const [first] = file.descriptors;
    if (first === undefined) continue;
    yield {
      thing,
      name: snapshot.processes.get(oldestOf(snapshot, pids) ?? -1)?.comm ?? '',
      object: node,
      pids,
      counts,
      evidence: [
        `fd ${first.fd} of ${wordProcess(snapshot, first.pid)} is ${node} (${device.key.slice(1)})${wordShared(file)}`,
      ],
      after: others
        .map((other) => keyOf({ id }, nameOpened(index, other)))
        .filter((key) => key !== keyOf({ id }, thing)),
    };
  }
}

function wordShared({ descriptors, compared }: OpenFile): string {
  if (descriptors.length < 2) return '';
  const others = descriptors.length - 1;
  return compared
    ? `, one open file with ${others === 1 ? '1 other descriptor' : `${others} other descriptors`}`
    : `; it and ${others} more could not be compared: from 1 to ${descriptors.length} open files`;
}

function idOf(row: DeviceRow, place: number): string {
  return row === unknown ? 'device-file' : `device-file-${row.subsystem}${row.node === undefined ? '' : `-${place}`}`;
}

/** The keys of everything that has a device open, by what it is called in /dev. */
export function keysOfOpenFiles(index: SnapshotIndex, subsystem: string, node: string): string[] {
  return (index.characterFiles.get(subsystem) ?? [])
    .filter(({ device }) => device.name === node)
    .map((opened) => {
      const row = rowOf(opened.device);
      return keyOf({ id: idOf(row, rows.indexOf(row)) }, nameOpened(index, opened));
    });
}

/** The rule of open graphics cards. */
export const cardRuleId = 'device-file-drm';

/** Open character devices. */
export const deviceFileRules: readonly ReferenceRule[] = [...rows, unknown].map((row, place) => ({
  id: idOf(row, place),
  ...(row.aftermath === undefined ? {} : { aftermath: row.aftermath }),
  kind: row.kind,
  meaning:
    row === unknown
      ? 'A program has a device open whose number this module, or its driver, most likely serves.'
      : `A program has a device of the ${row.subsystem} subsystem open, and one that is open keeps what serves it loaded.`,
  release: 'Let the program close it, or stop it.',
  source: row.source,
  stage: 0,
  graphics: row.subsystem === 'drm' || row.subsystem === 'graphics',
  find: (index) => findDeviceFiles(index, row, idOf(row, place)),
}));
