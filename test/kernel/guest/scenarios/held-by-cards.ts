import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { eventually, kernelAtLeast, modprobe, must, refcountOf, run } from '../kernel.ts';
import { type Puppet, startPuppet } from '../puppet.ts';
import { check } from '../report.ts';
import { accountNow, handOver, letGo, type Played, type Telling, tells } from '../why-now.ts';

/** As the host plugs them in: plug-graphics.mjs. */
const card = '0000:00:10.0';
const itsSound = '0000:00:10.1';
const otherCard = '0000:00:11.0';

const devices = '/sys/bus/pci/devices';

/** Gives a device to a driver, or with an empty name to whichever wants it. */
function give(device: string, driver: string): void {
  writeFileSync(`${devices}/${device}/driver_override`, `${driver}\n`);
  writeFileSync('/sys/bus/pci/drivers_probe', device);
}

const driverOf = (device: string): string | undefined =>
  readdirSync(`${devices}/${device}`).includes('driver')
    ? basename(readlinkSync(`${devices}/${device}/driver`))
    : undefined;

/** The node of a card, by a part of the path of its device. */
function nodeOf(part: string): string {
  const cards = readdirSync('/sys/class/drm').filter((name) => /^card\d+$/.test(name));
  const found = cards.find((name) => readlinkSync(`/sys/class/drm/${name}`).includes(part));
  return `/dev/dri/${found}`;
}

/** What draws the consoles of cards: since 6.11 each sort of memory has a helper of its own, and fewer references of it. */
const newer = kernelAtLeast(6, 11);
const consoleOf = (holders: Telling['holders'], clients: Telling['holders'] = {}): Telling => ({
  module: newer ? 'drm_ttm_helper' : 'drm_kms_helper',
  holders: { bochs: 1, drm_vram_helper: 1, ...holders, ...(newer ? {} : clients) },
});

const hasCodec = () => (refcountOf('snd_hda_codec_generic') ?? 0) > 0;

/** What modprobe leaves behind where it came upon a helper that was still used: each that goes may free the next. */
function removeHelpers(): void {
  const unused = () => readFileSync('/proc/modules', 'latin1').match(/^(?:drm|ttm|snd)\w*(?= \d+ 0 )/gm) ?? [];
  for (let gone = true; gone; ) gone = unused().some((module) => run('/sbin/rmmod', module).status === 0);
}

/** A program that has a group of devices, in a container of its own. */
async function startMachine(): Promise<{ readonly qemu: Puppet; readonly group: number }> {
  const qemu = await startPuppet('qemu-system-x86');
  const container = await qemu.do('open /dev/vfio/vfio');
  const number = basename(readlinkSync(`${devices}/${card}/iommu_group`));
  const group = await qemu.do(`open /dev/vfio/${number}`);
  await qemu.do(`vfio-group ${group} ${container}`);
  await qemu.do(`vfio-iommu ${container}`);
  return { qemu, group };
}

/** Graphics cards, their sound, their buffers, and machines that are given one. */
export const heldByCards: Played = {
  'why: a graphics card with a compositor and a console': async () => {
    modprobe('bochs');
    const nodes = [nodeOf(card), '/dev/fb0'];
    await tells('loaded', { module: 'bochs', holders: {}, nodes });
    await tells('what draws its console', { ...consoleOf({ vtcon1: 1 }, { fb0: 1 }), nodes });
    const shell = await startPuppet('gnome-shell');
    await shell.do(`open ${nodes[0]}`);
    await tells('a compositor', { module: 'bochs', holders: { 'gnome-shell': 1 }, nodes });
    const fim = await startPuppet('fim');
    await fim.do('open /dev/fb0');
    await tells('and a framebuffer', { module: 'bochs', holders: { 'gnome-shell': 1, fim: 1 }, nodes });
    await tells('which its helper serves', { ...consoleOf({ vtcon1: 1, fim: 1 }, { fb0: 1 }), nodes });
    await letGo('bochs');
  },

  'why: two graphics cards with one console': async () => {
    modprobe('bochs');
    modprobe('virtio_gpu');
    await tells('one helper for both', consoleOf({ vtcon1: 1 }, { virtio_gpu: 1, fb0: 1, fb1: 1 }));
    const shell = await startPuppet('gnome-shell');
    await shell.do(`open ${nodeOf(otherCard)}`);
    const fim = await startPuppet('fim');
    await fim.do('open /dev/fb1');
    await tells('the one that is free', { module: 'bochs', holders: {} });
    await tells('the other', { module: 'virtio_gpu', holders: { 'gnome-shell': 1, fim: 1 } });
    await fim.kill();
    await handOver('bochs', card);
    // The kernel does not draw it on the other one by itself.
    await tells('its console is gone', consoleOf({}, { virtio_gpu: 1, fb1: 1 }));
    await letGo('bochs', 'free');
    await letGo('virtio_gpu');
    removeHelpers();
  },

  'why: buffers that graphics cards share': async () => {
    must('mount', '-t', 'debugfs', 'debugfs', '/sys/kernel/debug');
    modprobe('virtio_gpu');
    modprobe('vgem');
    await tells('loaded', { module: 'virtio_gpu', holders: {} });
    const game = await startPuppet('game');
    const drawing = await game.do(`open ${nodeOf(otherCard)}`);
    const drawn = await game.do(`export-buffer ${drawing}`);
    await tells('a picture', { module: 'virtio_gpu', holders: { game: 2 } });
    await game.do(`export-fence ${drawn}`);
    await tells('and a fence, which holds nothing', { module: 'virtio_gpu', holders: { game: 2 } });
    await game.do(`close ${await game.do(`export-buffer ${drawing}`)}`);
    await tells('and one of which a handle is left', { module: 'virtio_gpu', holders: { game: 3 } });
    const shell = await startPuppet('gnome-shell');
    await shell.do('listen /tmp/pictures');
    await game.do(`pass /tmp/pictures ${drawn}`);
    const taken = await shell.do('accept');
    await game.kill();
    await tells('its program has ended', { module: 'virtio_gpu', holders: { 'gnome-shell': 1 } });
    await shell.do(`import-buffer ${await shell.do(`open ${nodeOf('vgem')}`)} ${taken}`);
    await tells('on another card too', { module: 'virtio_gpu', holders: { 'gnome-shell': 1 } });
    await shell.do(`close ${taken}`);
    await tells('which alone has it', { module: 'virtio_gpu', holders: { 'gnome-shell': 1 } });
    await tells('and is open itself', { module: 'vgem', holders: { 'gnome-shell': 1 } });
    await letGo('virtio_gpu');
    await letGo('vgem', 'free');
    must('umount', '/sys/kernel/debug');
    removeHelpers();
  },

  'why: the sound of a graphics card': async () => {
    modprobe('snd_hda_intel');
    await eventually('its codec has a driver', hasCodec);
    await eventually('there is a stream', () => readdirSync('/dev/snd').includes('pcmC0D0p'));
    const nodes = ['/dev/snd/pcmC0D0p', '/dev/snd/controlC0'];
    await tells('loaded', { module: 'snd_hda_intel', holders: {}, nodes });
    await tells('its codec', { module: 'snd_hda_codec_generic', holders: { hdaudioC0D0: 1 }, nodes });
    const pipewire = await startPuppet('pipewire');
    for (const node of nodes) await pipewire.do(`open ${node}`);
    await tells('a stream and a control', { module: 'snd_hda_intel', holders: { pipewire: 2 }, nodes });
    await letGo('snd_hda_codec_generic');
    await letGo('snd_hda_intel', 'free');
    removeHelpers();
  },

  'why: a virtual machine': async () => {
    modprobe('kvm_amd');
    const nodes = ['/dev/kvm'];
    await tells('loaded', { module: 'kvm_amd', holders: {}, nodes });
    const qemu = await startPuppet('qemu-system-x86');
    const kvm = await qemu.do('open /dev/kvm');
    await tells('its device', { module: 'kvm_amd', holders: { 'qemu-system-x86': 1 }, nodes });
    const machine = await qemu.do(`kvm-machine ${kvm}`);
    await tells('a machine', { module: 'kvm_amd', holders: { 'qemu-system-x86': 2 }, nodes });
    for (const number of [0, 1]) await qemu.do(`kvm-processor ${machine} ${number}`);
    const files = kernelAtLeast(6, 7) ? 4 : 2;
    await tells('with two processors', { module: 'kvm_amd', holders: { 'qemu-system-x86': files }, nodes });
    for (const line of [5, 6]) await qemu.do(`kvm-interrupt ${machine} ${line} 0`);
    // Newer ones link them only where the processor can deliver them by itself.
    await tells('and interrupts', {
      module: 'irqbypass',
      holders: newer ? { kvm: 1 } : { kvm: 1, 'qemu-system-x86': 2 },
      nodes,
    });
    await tells('of which the core has none', { module: 'kvm', holders: { kvm_amd: 1 }, nodes });
    modprobe('vhost_net');
    await qemu.do('open /dev/vhost-net');
    await tells('a network card', {
      module: 'vhost_net',
      holders: { 'qemu-system-x86': 1 },
      nodes: ['/dev/vhost-net'],
    });
    await letGo('vhost_net');
    await letGo('kvm_amd', 'free'); // it was one program
  },

  'why: a graphics card that is passed to a virtual machine': async () => {
    for (const module of ['bochs', 'snd_hda_intel', 'kvm_amd', 'vfio_pci']) modprobe(module);
    // It came along with VFIO; and this IOMMU does not remap interrupts.
    writeFileSync('/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts', 'Y');
    await eventually('there is a stream', () => readdirSync('/dev/snd').includes('pcmC0D0p'));
    await tells('loaded', { module: 'vfio_pci', holders: {} });
    const shell = await startPuppet('gnome-shell');
    await shell.do(`open ${nodeOf(card)}`);
    const pipewire = await startPuppet('pipewire');
    await pipewire.do('open /dev/snd/controlC0');
    await tells('the host draws on it', { module: 'bochs', holders: { 'gnome-shell': 1 } });
    for (const [module, device] of [
      ['bochs', card],
      ['snd_hda_intel', itsSound],
    ] as const) {
      await handOver(module, device);
      give(device, 'vfio-pci');
      check(`${device} is given away`, driverOf(device), 'vfio-pci');
    }
    await tells('which nobody drives yet', { module: 'vfio_pci', holders: {} });
    const { qemu, group } = await startMachine();
    const vfio = { vfio_pci: 1, vfio_pci_core: 1, vfio_iommu_type1: 1, ...(newer ? { vfio: 1 } : {}) };
    await tells('a group, in a container', { module: 'vfio', holders: { ...vfio, 'qemu-system-x86': 3 } });
    const machine = await qemu.do(`kvm-machine ${await qemu.do('open /dev/kvm')}`);
    await qemu.do(`kvm-vfio ${machine} ${group}`);
    const given = await qemu.do(`vfio-device ${group} ${card}`);
    const sound = await qemu.do(`vfio-device ${group} ${itsSound}`);
    await tells('both are open', { module: 'vfio_pci', holders: { 'qemu-system-x86': 2 } });
    await tells('by the core', { module: 'vfio', holders: { ...vfio, 'qemu-system-x86': 5 } });
    await tells('in a container', { module: 'vfio_iommu_type1', holders: { 'qemu-system-x86': 1 } });
    await tells('the core of the machine', {
      module: 'kvm',
      holders: kernelAtLeast(6, 2) ? { kvm_amd: 1, 'qemu-system-x86': 2 } : { kvm_amd: 1 },
    });
    await qemu.do(`kvm-interrupt ${machine} 5 ${await qemu.do(`vfio-interrupt ${sound}`)}`);
    await tells('an interrupt, at both ends', {
      module: 'irqbypass',
      holders: { kvm: 1, vfio_pci_core: 1, 'qemu-system-x86': newer ? 1 : 2 },
    });
    await qemu.do(`close ${given}`);
    await tells('one is given back', { module: 'vfio_pci', holders: { 'qemu-system-x86': 1 } });
    await handOver('vfio_pci', card);
    give(card, '');
    check('the host has its card again', driverOf(card), 'bochs-drm');
    await letGo('vfio_pci', 'free');
    await letGo('vfio_iommu_type1', 'free');
    give(itsSound, '');
    await eventually('its codec has a driver', hasCodec);
    await letGo('kvm_amd', 'free');
    await letGo('bochs', 'free');
    await letGo('snd_hda_codec_generic');
    removeHelpers();
    const { accounts } = await accountNow();
    const held = accounts.filter(
      ({ module, refcount }) => /^(vfio|kvm|irqbypass|bochs)/.test(module) && refcount !== 0,
    );
    check(
      'nothing is held any more',
      held.map(({ arithmetic }) => arithmetic),
      [],
    );
  },
};
