import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { eventually, modprobe, must, run } from '../kernel.ts';
import { startPuppet } from '../puppet.ts';
import { letGo, type Played, tells } from '../why-now.ts';

/** The node of an input device, by the name that it gives itself and what handles it. */
function handlerOf(name: string, handler: RegExp): string | undefined {
  const about = readFileSync('/proc/bus/input/devices', 'latin1')
    .split('\n\n')
    .find((one) => one.includes(`Name="${name}"`));
  const [node] = handler.exec(/^H: Handlers=(.*)$/m.exec(about ?? '')?.[1] ?? '') ?? [];
  return node === undefined ? undefined : `/dev/input/${node}`;
}

async function plugged(what: string, ...nodes: readonly string[]): Promise<void> {
  modprobe('xhci_pci');
  await eventually(`${what} is there`, () => nodes.every((node) => existsSync(node)));
}

/** So that the next story begins without a bus. */
function unplug(): void {
  for (const module of ['xhci_pci', 'xhci_hcd', 'usbcore']) run('/sbin/rmmod', module);
}

/** What is plugged into USB: emulated devices, driven by the drivers that everybody has. */
export const heldByUsb: Played = {
  'why: a USB serial line': async () => {
    modprobe('ftdi_sio');
    const nodes = ['/dev/ttyUSB0'];
    await plugged('the line', ...nodes);
    await tells('plugged in', { module: 'ftdi_sio', holders: {}, nodes });
    const minicom = await startPuppet('minicom');
    await minicom.do('open /dev/ttyUSB0');
    await tells('open: the chip', { module: 'ftdi_sio', holders: { minicom: 1 }, nodes });
    await tells('what serves all such lines', { module: 'usbserial', holders: { ftdi_sio: 1, minicom: 2 }, nodes });
    const logger = await startPuppet('logger');
    await logger.do('open /dev/ttyUSB0');
    await tells('twice: the chip once', { module: 'ftdi_sio', holders: { minicom: 1 }, nodes });
    const both = { ftdi_sio: 1, minicom: 2, logger: 1 };
    await tells('and each file', { module: 'usbserial', holders: both, nodes });
    await letGo('ftdi_sio');
    await letGo('usbserial', 'free');
    unplug();
  },

  'why: a USB stick that will not eject': async () => {
    for (const module of ['sd_mod', 'vfat', 'nls_cp437', 'nls_ascii']) {
      modprobe(module);
      await tells('loaded', { module, holders: {} });
    }
    modprobe('usb_storage', 'delay_use=0');
    const nodes = ['/dev/sda', '/dev/sda1'];
    await plugged('the stick', ...nodes);
    await tells('plugged in', { module: 'usb_storage', holders: {}, nodes });
    const place = '/media/USB DISK';
    must('mkdosfs', '/dev/sda1');
    must('mkdir', '-p', place, '/mnt');
    must('mount', '-t', 'vfat', '/dev/sda1', place);
    for (const module of ['usb_storage', 'sd_mod', 'vfat', 'nls_cp437', 'nls_ascii'])
      await tells('mounted', { module, holders: { [place]: 1 }, nodes: [...nodes, place] });
    writeFileSync(`${place}/film.mkv`, 'a film');
    must('mount', '--bind', place, '/mnt');
    const player = await startPuppet('vlc');
    await player.do('open-read /mnt/film.mkv');
    const shell = await startPuppet('bash');
    await shell.do('chdir /mnt');
    const scanner = await startPuppet('clamscan');
    await scanner.do('open-read /dev/sda');
    const busy = { [place]: 1, clamscan: 1 };
    await tells('watched, visited and scanned', { module: 'usb_storage', holders: busy, nodes: [...nodes, place] });
    await letGo('usb_storage');
    for (const module of ['vfat', 'nls_cp437', 'nls_ascii', 'sd_mod']) await letGo(module, 'free');
    unplug();
  },

  'why: a disc in a USB drive': async () => {
    modprobe('sr_mod');
    modprobe('usb_storage', 'delay_use=0');
    const nodes = ['/dev/sr0'];
    await plugged('the drive', ...nodes);
    await tells('nobody uses it', { module: 'sr_mod', holders: {}, nodes });
    const player = await startPuppet('vlc');
    await player.do('open-read /dev/sr0');
    await tells('the drive', { module: 'sr_mod', holders: { vlc: 1 }, nodes });
    await tells('what it is plugged into', { module: 'usb_storage', holders: { vlc: 1 }, nodes });
    await letGo('sr_mod');
    await letGo('usb_storage', 'free');
    unplug();
  },

  'why: a tablet, its reports and its bus': async () => {
    for (const module of ['usbhid', 'hid_generic', 'evdev']) modprobe(module);
    const events = () => handlerOf('QEMU QEMU USB Tablet', /event\d+/);
    await plugged('the tablet', '/dev/hidraw0');
    await eventually('it tells events', () => existsSync(events() ?? '/none'));
    const [bus] = readdirSync('/dev/bus/usb').sort();
    const device = `/dev/bus/usb/${bus}/${readdirSync(`/dev/bus/usb/${bus}`).sort().at(-1)}`;
    await tells('plugged in', { module: 'evdev', holders: {} });
    const server = await startPuppet('Xorg');
    await server.do(`open ${events()}`);
    const driver = await startPuppet('OpenTabletDrive');
    await driver.do('open /dev/hidraw0');
    const updater = await startPuppet('fwupd');
    await updater.do(`open ${device}`);
    await tells('its events', { module: 'evdev', holders: { Xorg: 1 }, nodes: [events()!] });
    const drivers = { usbhid: 1, hid_generic: 1 };
    const holders = { ...drivers, OpenTabletDrive: 1 };
    await tells('its reports', { module: 'hid', holders, nodes: ['/dev/hidraw0'] });
    const hosts = { usbhid: 1, xhci_hcd: 1, xhci_pci: 1 };
    await tells('its bus', { module: 'usbcore', holders: { ...hosts, fwupd: 1 }, nodes: [device] });
    await tells('and not its driver', { module: 'usbhid', holders: {} });
    await letGo('evdev');
    await letGo('hid');
    await letGo('usbcore');
  },

  'why: a joystick that a program makes': async () => {
    for (const module of ['uinput', 'joydev']) {
      modprobe(module);
      await tells('loaded', { module, holders: {} });
    }
    const steam = await startPuppet('steam');
    await steam.do(`joystick ${await steam.do('open /dev/uinput')}`);
    await eventually('it is there', () => existsSync('/dev/input/js0'));
    const game = await startPuppet('supertuxkart');
    await game.do('open /dev/input/js0');
    await tells('played with', { module: 'joydev', holders: { supertuxkart: 1 }, nodes: ['/dev/input/js0'] });
    await tells('made', { module: 'uinput', holders: { steam: 1 }, nodes: ['/dev/uinput'] });
    await letGo('joydev');
    await letGo('uinput');
  },
};
