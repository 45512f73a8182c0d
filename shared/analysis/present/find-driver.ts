import type { DeviceFact } from '../../snapshot/system-snapshot.ts';
import type { ConfidenceName } from '../hold-table.ts';
import type { SnapshotIndex } from './index-snapshot.ts';

/** A module that is believed to serve a device, and how surely. */
export interface Served {
  readonly module: string;
  readonly confidence: ConfidenceName;
}

/** Parts of a path in /sys/devices that never name a driver. */
const bus = new Set([
  'devices',
  'platform',
  'virtual',
  'faux',
  'system',
  'misc',
  'drm',
  'sound',
  'input',
  'net',
  'tty',
  'block',
]);

/** `snd_dummy.0`, `vkms`: the device is named after the driver that made it. */
function fromPath(index: SnapshotIndex, { path, subsystem }: DeviceFact): string | undefined {
  const parts = (path ?? '').split('/').slice(0, -1).reverse();
  for (const part of parts) {
    const plain = part.replace(/\.\d+(\.auto)?$/, '');
    if (!bus.has(plain) && plain !== subsystem) {
      const module = index.module(plain);
      if (module !== undefined) return module;
    }
  }
  return undefined;
}

/**
 * The module of a graphics card, by that of the driver above it. A card of virtio hangs on the device that its bus drives.
 *
 * Source: virtio_gpu_probe.
 */
export function nameCardDriver(index: SnapshotIndex, module: string | undefined): string | undefined {
  return index.module(module === 'virtio_pci' || module === 'virtio_mmio' ? 'virtio_gpu' : module);
}

/** The driver of the device above a node; of a device without one, the loaded module that it is named after. */
export function findDriver(index: SnapshotIndex, device: DeviceFact): Served | undefined {
  const bound =
    device.subsystem === 'drm' ? nameCardDriver(index, device.driverModule) : index.module(device.driverModule);
  if (bound !== undefined) return { module: bound, confidence: 'certain' };
  // The driver of the device is built in.
  if (device.driverModule !== undefined) return undefined;
  const named = fromPath(index, device);
  return named === undefined ? undefined : { module: named, confidence: 'high' };
}

/** Names in /proc/misc and /proc/devices that differ from their module's. */
const registrars: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    kvm: ['kvm_intel', 'kvm_amd', 'kvm_hv', 'kvm_pr', 'kvm'],
    'device-mapper': ['dm_mod'],
    'loop-control': ['loop'],
    'btrfs-control': ['btrfs'],
    autofs: ['autofs4', 'autofs'],
    hw_random: ['rng_core'],
    rdma_cm: ['rdma_ucm'],
    vmci: ['vmw_vmci'],
    ppp: ['ppp_generic'],
    'cpu/msr': ['msr'],
    'cpu/cpuid': ['cpuid'],
    usbmon: ['usbmon'],
    'nvidia-frontend': ['nvidia'],
    nvidiactl: ['nvidia'],
    vga_arbiter: ['vgaarb'],
  }),
);

/** The module that registered a misc device or a major number, by the name that it registered. */
export function findRegistrar(index: SnapshotIndex, device: DeviceFact): Served | undefined {
  const { registered, name } = device;
  for (const known of registered === undefined ? [] : (registrars.get(registered) ?? [])) {
    const module = index.module(known);
    if (module !== undefined) return { module, confidence: 'certain' };
  }
  // A node may have any name; a number that somebody registered is its.
  const named =
    index.module(registered) ?? (registered === undefined ? index.module(name?.split('/').at(-1)) : undefined);
  if (named !== undefined) return { module: named, confidence: 'certain' };
  const [, major, minor] = /^c(\d+):(\d+)$/.exec(device.key) ?? [];
  const aliased = index.alias(`char-major-${major}-${minor}`) ?? index.alias(`devname:${name}`);
  return aliased === undefined ? undefined : { module: aliased, confidence: 'high' };
}

/** The module of the SCSI host that a device hangs on. */
export function findScsiHost(index: SnapshotIndex, path: string | undefined): Served | undefined {
  const host = /\/host(\d+)\//.exec(path ?? '')?.[1];
  const name = host === undefined ? undefined : index.text(`/sys/class/scsi_host/host${host}/proc_name`)?.trim();
  const module = index.module(name);
  return module === undefined ? undefined : { module, confidence: 'high' };
}
