import type { DeviceFact } from '../../../snapshot/system-snapshot.ts';
import { findDriver, type Served } from '../find-driver.ts';
import type { SnapshotIndex } from '../index-snapshot.ts';

function served(module: string | undefined, confidence: Served['confidence']): Served | undefined {
  return module === undefined ? undefined : { module, confidence };
}

/** The module of a sound card: /proc/asound/modules says it, ` 0 snd_dummy`. */
export function findSoundCard(index: SnapshotIndex, device: DeviceFact): Served | undefined {
  const card = /(?:C|hw)(\d+)(?:D\d+[pc]?)?$/.exec(device.name ?? '')?.[1];
  for (const line of index.lines('/proc/asound/modules')) {
    const [number, name] = line.trim().split(/\s+/);
    if (number === card) return served(index.module(name), 'certain');
  }
  return findDriver(index, device);
}

/** Adapters whose driver no directory of /sys names, by the name that they give themselves. */
const adapters: readonly (readonly [RegExp, string])[] = [
  [/^SMBus stub driver/, 'i2c_stub'],
  [/^SMBus I801 adapter/, 'i2c_i801'],
  [/^SMBus PIIX4 adapter/, 'i2c_piix4'],
  [/^i915 gmbus|^AUX .*\/DDI/, 'i915'],
  [/^AMDGPU/, 'amdgpu'],
  [/^nvkm-/, 'nouveau'],
  [/^NVIDIA i2c adapter/, 'nvidia'],
  [/^Synopsys DesignWare/, 'i2c_designware_platform'],
];

/**
 * The module of an I²C bus: the driver above the adapter, or whose name the adapter has. A bus through the side channel
 * of a monitor hangs on the connector of the card, and belongs to the helper that makes it.
 *
 * Source: drm_dp_aux_register.
 */
export function findI2cAdapter(index: SnapshotIndex, device: DeviceFact): Served | undefined {
  if (/\/card\d+-[^/]+\/i2c-\d+\//.test(device.path ?? ''))
    return served(
      ['drm_display_helper', 'drm_dp_helper', 'drm_kms_helper'].map(index.module).find((name) => name !== undefined),
      'medium',
    );
  const bound = findDriver(index, device);
  if (bound !== undefined) return bound;
  const bus = /i2c-\d+$/.exec(device.name ?? '')?.[0];
  const name =
    index.text(`/sys/class/i2c-adapter/${bus}/name`)?.trim() ?? index.text(`/sys/class/i2c-dev/${bus}/name`)?.trim();
  const known = adapters.find(([pattern]) => pattern.test(name ?? ''))?.[1];
  return served(index.module(known), 'high');
}

/** `0 "bochs-drmdrmfb"`: framebuffers of DRM drivers belong to a helper of theirs, others to their driver. */
export function findFramebuffer(index: SnapshotIndex, device: DeviceFact): Served | undefined {
  return findFramebufferOwner(index, nameFramebuffer(index, device)) ?? findDriver(index, device);
}

/** Of a framebuffer that a graphics card only plays, the driver of that card, which an open holds as well. */
export function findEmulator(index: SnapshotIndex, device: DeviceFact): Served | undefined {
  const name = nameFramebuffer(index, device);
  if (!isEmulated(name)) return undefined;
  return served(findFramebufferDriver(index, name), 'high') ?? findDriver(index, device);
}

function nameFramebuffer(index: SnapshotIndex, device: DeviceFact): string {
  const number = /fb(\d+)$/.exec(device.name ?? '')?.[1];
  return index.text(`/sys/class/graphics/fb${number}/name`)?.trim() ?? '';
}

const isEmulated = (name: string) => /drm(fb)?$/.test(name);

/** The module of the framebuffer operations, by the framebuffer's name. */
export function findFramebufferOwner(index: SnapshotIndex, name: string): Served | undefined {
  if (!isEmulated(name)) return served(index.module(name), 'medium');
  const own = index.module(/^(i915|xe|gma500|msm|exynos|tegra|omap)/.exec(name)?.[0]);
  if (own !== undefined) return served(own, 'medium');
  const helpers = index.kernelAtLeast(6, 11)
    ? ['drm_client_lib', 'drm_shmem_helper', 'drm_dma_helper', 'drm_ttm_helper', 'drm_kms_helper']
    : ['drm_kms_helper'];
  // Of several, that which the driver of the card uses.
  const there = helpers.map((helper) => index.module(helper)).filter((module) => module !== undefined);
  const driver = findFramebufferDriver(index, name) ?? '';
  const used = there.find((module) => index.modules.get(module)?.holders.includes(driver));
  return served(used ?? there[0], 'medium');
}

/** `vkmsdrmfb`, `bochs-drmdrmfb`: the driver that a helper emulates a framebuffer for. */
export function findFramebufferDriver(index: SnapshotIndex, name: string): string | undefined {
  return index.module(name.replace(/drm(fb)?$/, '')) ?? index.module(name.replace(/-?drmdrm(fb)?$/, ''));
}

/** Majors of terminals that a module serves, by their name in /proc/devices. */
const terminals: readonly (readonly [RegExp, string])[] = [
  [/^ttyUSB$/, 'usbserial'],
  [/^(ttyACM|acm)$/, 'cdc_acm'],
  [/^rfcomm$/, 'rfcomm'],
  [/^(ttyGS)$/, 'u_serial'],
  [/^gsmtty$/, 'n_gsm'],
  [/^ttyHS|^hso$/, 'hso'],
  [/^ttynull$/, 'ttynull'],
];

/** The module of a terminal's driver. */
export function findTtyDriver(index: SnapshotIndex, device: DeviceFact): Served | undefined {
  const name = device.registered ?? device.name?.replace(/\d+$/, '') ?? '';
  const known = terminals.find(([pattern]) => pattern.test(name))?.[1];
  return served(index.module(known ?? name), 'high');
}

/** Of a USB serial port, the module of its chip beside that of all such ports. */
export function findTtyChip(index: SnapshotIndex, device: DeviceFact): Served | undefined {
  const chip = findDriver(index, device);
  return chip?.module === findTtyDriver(index, device)?.module ? undefined : chip;
}

/** The driver of an NVMe controller, which since 5.10 the open itself takes too. */
export function findOpenedController(index: SnapshotIndex, device: DeviceFact): Served | undefined {
  return index.kernelAtLeast(5, 10) ? findDriver(index, device) : undefined;
}

/** Of a disk with several paths nobody but the core. */
export function findDiskOwner(index: SnapshotIndex, device: DeviceFact): Served | undefined {
  const module = index.module('nvme_core');
  return findDriver(index, device) ?? (module === undefined ? undefined : { module, confidence: 'certain' });
}

function watchdogNumber(device: DeviceFact): string {
  return /watchdog(\d+)$/.exec(device.name ?? '')?.[1] ?? '0';
}

/** The module of a watchdog: the driver above it, or what it calls itself. */
export function findWatchdog(index: SnapshotIndex, device: DeviceFact): Served | undefined {
  const bound = findDriver(index, device);
  if (bound !== undefined) return bound;
  const identity = index.text(`/sys/class/watchdog/watchdog${watchdogNumber(device)}/identity`)?.trim();
  const module = identity === 'Software Watchdog' ? index.module('softdog') : undefined;
  return module === undefined ? undefined : { module, confidence: 'certain' };
}

/** /dev/watchdog is the first of them. */
export function findWatchdogOfMisc(index: SnapshotIndex): Served | undefined {
  const first = [...index.snapshot.devices.values()].find(({ name }) => name === 'watchdog0');
  return findWatchdog(index, first ?? { ...nothing, name: 'watchdog0' });
}

const nothing: DeviceFact = {
  key: '',
  path: undefined,
  subsystem: undefined,
  name: undefined,
  driverModule: undefined,
  registered: undefined,
};
