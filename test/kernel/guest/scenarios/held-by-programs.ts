import { linkSync, readFileSync, rmSync } from 'node:fs';
import { startCapture } from '../capture.ts';
import { kernelAtLeast, modprobe, must, run } from '../kernel.ts';
import { startPuppet } from '../puppet.ts';
import { letGo, type Played, secretly, type Telling, tells } from '../why-now.ts';

/** Of sched.h. */
const newMounts = 0x00020000;
const newUsers = 0x10000000;
const newPids = 0x20000000;
const newNetwork = 0x40000000;

/** Since 6.10 drivers of this sort have their console drawn by their own helper. */
function consoleOf(): Telling {
  return kernelAtLeast(6, 10)
    ? { module: 'drm_shmem_helper', holders: { vkms: 1, vtcon1: 1 } }
    : { module: 'drm_kms_helper', holders: { vkms: 1, vtcon1: 1, fb0: 1 } };
}

/** Devices that programs have open, in every way that hides it. */
export const heldByPrograms: Played = {
  'why: vkms held by systemd-logind': async () => {
    modprobe('drm');
    await tells('alone', { module: 'drm', holders: {} });
    modprobe('vkms');
    const nodes = ['/dev/dri/card0'];
    await tells('loaded', { module: 'vkms', holders: {}, nodes });
    const logind = await startPuppet('systemd-logind');
    await logind.do('open /dev/dri/card0');
    await tells('open', { module: 'vkms', holders: { 'systemd-logind': 1 }, nodes });
    const helpers = { drm_kms_helper: 1, drm_shmem_helper: 1, vkms: 1 };
    await tells('and drm', { module: 'drm', holders: { ...helpers, drm: 1, 'systemd-logind': 1 }, nodes });
    await tells('and what draws its console', { ...consoleOf(), nodes });
    const shell = await logind.do('fork gnome-shell');
    await tells('forked: still one file', { module: 'vkms', holders: { 'systemd-logind': 1 }, nodes });
    process.kill(shell, 'SIGKILL');
    await letGo('vkms');
    modprobe('vkms');
    const xorg = await startPuppet('Xorg');
    await xorg.do('open /dev/dri/card0');
    await letGo('drm');
  },

  'why: a tunnel': async () => {
    modprobe('tun');
    const nodes = ['/dev/net/tun'];
    await tells('loaded', { module: 'tun', holders: {}, nodes });
    const openvpn = await startPuppet('openvpn');
    const device = await openvpn.do('open /dev/net/tun');
    await tells('open', { module: 'tun', holders: { openvpn: 2 }, nodes });
    await openvpn.do(`tun ${device} tun0`);
    await openvpn.do(`persist ${device} 1`);
    await tells('made to stay', { module: 'tun', holders: { openvpn: 2, tun0: 1 }, nodes });
    await openvpn.kill();
    await tells('with no program any more', { module: 'tun', holders: { tun0: 1 }, nodes });
    await letGo('tun');
  },

  'why: sound': async () => {
    modprobe('snd_dummy');
    const nodes = ['/dev/snd/pcmC0D0p', '/dev/snd/controlC0'];
    await tells('loaded', { module: 'snd_dummy', holders: {}, nodes });
    const pulse = await startPuppet('pulseaudio');
    await pulse.do('open /dev/snd/controlC0');
    const pcm = await pulse.do('open /dev/snd/pcmC0D0p');
    await tells('a control and a stream', { module: 'snd_dummy', holders: { pulseaudio: 2 }, nodes });
    await tells('and the core', {
      module: 'snd',
      holders: { snd_dummy: 1, snd_pcm: 1, snd_timer: 1, pulseaudio: 3 },
      nodes,
    });
    await pulse.do(`map ${pcm} 0x80000000`);
    await pulse.do(`close ${pcm}`);
    await tells('mapped, its descriptor closed', { module: 'snd_dummy', holders: { pulseaudio: 2 }, nodes });
    await letGo('snd_dummy');
  },

  'why: a watchdog left armed': async () => {
    modprobe('softdog', 'soft_margin=3600'); // it would restart a slow machine
    await tells('loaded', { module: 'softdog', holders: {}, nodes: ['/dev/watchdog0'] });
    const dog = await startPuppet('watchdogd');
    await dog.do('open /dev/watchdog0');
    await tells('open', { module: 'softdog', holders: { watchdogd: 2, watchdog0: 1 }, nodes: ['/dev/watchdog0'] });
    await dog.kill();
    const references = kernelAtLeast(6, 10) ? 2 : 1;
    await tells('nobody has it open', {
      module: 'softdog',
      holders: { watchdog0: references },
      nodes: ['/dev/watchdog0'],
    });
    await letGo('softdog');
  },

  'why: an I2C bus': async () => {
    modprobe('i2c_dev');
    modprobe('i2c_stub', 'chip_addr=0x50');
    await tells('loaded', { module: 'i2c_stub', holders: {}, nodes: ['/dev/i2c-0'] });
    const dump = await startPuppet('i2cdump');
    await dump.do('open /dev/i2c-0');
    await tells('the bus', { module: 'i2c_stub', holders: { i2cdump: 1 }, nodes: ['/dev/i2c-0'] });
    await tells('its device', { module: 'i2c_dev', holders: { i2cdump: 2 }, nodes: ['/dev/i2c-0'] });
    await letGo('i2c_stub');
    run('/sbin/rmmod', 'i2c_dev');
  },

  'why: sixteen files of one program, which becomes another': async () => {
    modprobe('testmod');
    const nodes = ['/dev/testmod'];
    await tells('loaded', { module: 'testmod', holders: {}, nodes });
    const mapper = await startPuppet('mapper');
    for (let times = 1; times <= 16; times++) await mapper.do('open /dev/testmod');
    await tells('sixteen', { module: 'testmod', holders: { mapper: 16 }, nodes });
    await mapper.kill();
    const login = await startPuppet('login');
    const file = await login.do('open /dev/testmod');
    await login.do(`become ${file} busybox`);
    await tells('exec: the same process by another name', { module: 'testmod', holders: { busybox: 1 }, nodes });
    await letGo('testmod');
  },

  'why: a file that only an io_uring has': async () => {
    modprobe('testmod');
    const nodes = ['/dev/testmod'];
    await tells('loaded', { module: 'testmod', holders: {}, nodes });
    const server = await startPuppet('server');
    const file = await server.do('open /dev/testmod');
    await tells('open', { module: 'testmod', holders: { server: 1 }, nodes });
    await server.do(`uring ${file}`);
    await tells('in no descriptor any more', { ...secretly('testmod', 'server'), nodes });
    await server.kill();
    await tells('which has ended', { module: 'testmod', holders: {}, nodes });
    await letGo('testmod', 'free');
  },

  'why: a container with namespaces of its own': async () => {
    modprobe('testmod');
    const nodes = ['/dev/testmod'];
    await tells('loaded', { module: 'testmod', holders: {}, nodes });
    const runc = await startPuppet('runc');
    await runc.do('open /dev/testmod');
    await runc.do(`unshare ${newPids | newMounts | newNetwork | newUsers}`);
    await runc.do('fork postgres');
    await tells('and its first process', { module: 'testmod', holders: { runc: 1 }, nodes });
    await runc.kill();
    await tells('which is left, as process 1 of its own', { module: 'testmod', holders: { postgres: 1 }, nodes });
    await letGo('testmod');
  },

  'why: a program and a node of hostile names': async () => {
    modprobe('testmod');
    const [, minor] = /^\s*(\d+) testmod$/m.exec(readFileSync('/proc/misc', 'latin1')) ?? [];
    const node = '/tmp/a\nb\'$(reboot)"\u001b[31m\\';
    must('mknod', node, 'c', '10', minor!);
    await tells('loaded', { module: 'testmod', holders: {}, nodes: [node] });
    const names = ["it's\n'; reboot'", '\u001b[2J $(id)\t`x`', '-99 [001] ...1.'];
    const puppets = await Promise.all(names.map((name) => startPuppet(name)));
    linkSync(node, '/tmp/plain');
    for (const puppet of puppets) await puppet.do('open /tmp/plain');
    // Whoever has the link to the odd name opens the same device.
    const holders = Object.fromEntries(names.map((name) => [name.slice(0, 15), 1]));
    await tells('open', { module: 'testmod', holders, nodes: [node] });
    await letGo('testmod');
    for (const path of [node, '/tmp/plain']) rmSync(path);
  },
};

/** Files that change hands, with a recording of their own for the second look at each step. */
export const heldInFlight: Played = {
  'why: forked, passed, in flight': async () => {
    const capture = await startCapture();
    modprobe('testmod');
    const nodes = ['/dev/testmod'];
    const telling = (holders: Telling['holders'], more = {}): Telling => ({
      module: 'testmod',
      holders,
      nodes,
      ...more,
    });
    await tells('loaded', telling({}));
    const sshd = await startPuppet('sshd');
    await sshd.do('open /dev/testmod');
    await tells('open', telling({ sshd: 1 }));
    const bash = await sshd.do('fork bash');
    await sshd.kill();
    await tells('its child has it', telling({ bash: 1 }));
    await tells('merged with the recording, which knows the parent alone', telling({ bash: 1 }, { capture }));
    process.kill(bash, 'SIGKILL');
    await tells('which has ended', telling({}));
    const giver = await startPuppet('dbus-daemon');
    const taker = await startPuppet('firefox');
    const given = await giver.do('open /dev/testmod');
    const copy = await giver.do('open /dev/testmod');
    await tells('opened twice', telling({ 'dbus-daemon': 2 }, { capture }));
    await giver.do(`close ${copy}`);
    await taker.do('listen /tmp/socket');
    await giver.do(`pass /tmp/socket ${given}`);
    await giver.do(`close ${given}`);
    await tells('in flight between two programs', telling({}, { unseen: 1 }));
    await tells('of which the recording knows the sender', telling({ 'dbus-daemon': 1 }, { capture }));
    const accepted = await taker.do('accept');
    await tells('arrived', telling({ firefox: 1 }));
    await tells('merged', telling({ firefox: 1 }, { capture }));
    await taker.do(`close ${accepted}`);
    modprobe('testmod_user');
    await tells('a module that uses it', telling({ testmod_user: 1 }, { capture }));
    await capture.stop();
    await letGo('testmod');
    for (const puppet of [giver, taker]) await puppet.kill();
    rmSync('/tmp/socket');
  },
};
