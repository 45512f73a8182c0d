import { decodeText } from '../trace-text/decode-bytes.ts';
import { readNumber, splitFields, splitNames } from './split-fields.ts';
import type { BlockDevice, DeviceFact } from './system-snapshot.ts';

/** Names of majors and of misc minors, by the key of a device and its name in /dev. */
export type RegisteredNames = (key: string, name: string | undefined) => string | undefined;

/**
 * Reads who registered which device numbers.
 *
 * Source: /proc/devices, proc_devices_init in fs/proc/devices.c; /proc/misc, misc_seq_show in drivers/char/misc.c.
 */
export function readRegistered(devices: string, misc: string): RegisteredNames {
  const names = new Map<string, string[]>();
  const add = (key: string, name: string) => {
    const known = names.get(key);
    if (known === undefined) names.set(key, [name]);
    else known.push(name);
  };
  let type = 'c';
  for (const line of devices.split('\n')) {
    if (line.startsWith('Block')) type = 'b';
    const [, major, name] = /^\s*(\d+) (\S.*)$/.exec(line) ?? [];
    if (major !== undefined) add(`${type}${major}`, decodeText(name!));
  }
  for (const line of misc.split('\n')) {
    const [, minor, name] = /^\s*(\d+) (\S.*)$/.exec(line) ?? [];
    if (minor !== undefined) add(`c10:${minor}`, decodeText(name!));
  }
  return (key, name) => {
    const known = names.get(key) ?? names.get(key.split(':')[0]!) ?? [];
    if (known.length < 2) return known[0];
    // Several have minors of one major, as /dev/tty, /dev/console and /dev/ptmx of 5, and `ttyS` beside `tty` of 4: the
    // file does not tell which, so it must be the node's own name.
    return (
      known.find((one) => one === `/dev/${name}`) ??
      known.find((one) => name?.startsWith(one) && /^\d*$/.test(name.slice(one.length)))
    );
  };
}

/** The fields of `:device`: its folder, its subsystem, uevent, and the modules of the drivers above it. */
export function readDevice(key: string, text: string, registered: RegisteredNames): DeviceFact {
  const [path = '', subsystem = '', uevent = '', modules = ''] = splitFields(text);
  const node = /^DEVNAME=(.*)$/m.exec(uevent)?.[1];
  const name = node === undefined ? undefined : decodeText(node);
  return {
    key,
    path: path === '' ? undefined : `/${decodeText(path)}`,
    subsystem: subsystem === '' ? undefined : decodeText(subsystem.slice(subsystem.lastIndexOf('/') + 1)),
    name,
    driverModule: readModule(splitNames(modules)[0]),
    registered: registered(key, name),
  };
}

/** What other files say of disks. */
export interface DiskTexts {
  /** Devices in /proc/swaps. */
  readonly swapped: ReadonlySet<string>;
  /** The loaded module that a SCSI host is named after. */
  readonly hosts: (host: string) => string | undefined;
}

/** A driver that is built in has no module. */
function readModule(name: string | undefined): string | undefined {
  return name === '.' ? undefined : name;
}

/**
 * The fields of `:block`: number, partitions, holders, slaves, folder, modules of the drivers above it, file behind a loop
 * device, scheduler, device-mapper name and uuid, level of the array.
 */
export function readBlockDevice(name: string, text: string, { swapped, hosts }: DiskTexts): BlockDevice | undefined {
  const fields = splitFields(text);
  const [device = '', partitions = '', holders = '', slaves = '', folder = '', modules = ''] = fields;
  if (!/^\d{1,10}:\d{1,10}$/.test(device)) return undefined;
  const [backingFile, scheduler, mapperName, mapperUuid, raidLevel] = fields.slice(6).map(decodeText);
  const parts = splitNames(partitions);
  const above = splitNames(modules);
  const [driver, host] = above;
  const scsi = /\/(host\d+)\//.exec(folder)?.[1];
  const known = parts.flatMap((part, at) => {
    const number = parts[at + 1];
    return at % 2 === 0 && number !== undefined ? [{ name: part, device: number }] : [];
  });
  return {
    name,
    device,
    partitions: known,
    holders: splitNames(holders),
    slaves: splitNames(slaves),
    driverModule: readModule(driver),
    driverModules: above.filter((one) => readModule(one) !== undefined),
    // A SCSI disk lies below its host, which has a driver, or tells its name; drivers above other disks hold nothing for them.
    hostModule: scsi === undefined ? undefined : (readModule(host) ?? hosts(scsi)),
    backingFile: backingFile || undefined,
    scheduler: /\[([^\]]+)\]/.exec(scheduler ?? '')?.[1],
    mapperName: mapperName || undefined,
    mapperUuid: mapperUuid || undefined,
    raidLevel: raidLevel || undefined,
    swap: [name, ...known.map((part) => part.name), ...(mapperName ? [`mapper/${mapperName}`] : [])].some((one) =>
      swapped.has(`/dev/${one}`),
    ),
  };
}

/** Devices and files in /proc/swaps. */
export function readSwaps(text: string): ReadonlySet<string> {
  const names = text
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s+/)[0]!);
  return new Set(names.filter((name) => readNumber(name) === undefined && name !== '').map(decodeText));
}
