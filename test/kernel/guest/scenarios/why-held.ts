import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { startCapture } from '../capture.ts';
import { eventually, modprobe, must, run } from '../kernel.ts';
import { startPuppet } from '../puppet.ts';
import { check } from '../report.ts';
import { beginTable, letGo, staysUntilReboot, type Telling, tellAll, tells } from '../why-now.ts';

/** CLONE_NEWNS of sched.h. */
const newMounts = 0x00020000;

/** Every way to hold a module that the guest can play: told of without any recording, then let go by the plan. */
const played: Readonly<Record<string, () => Promise<void>>> = {
  'why: the guest itself': async () => {
    await tellAll('before anything is done');
  },

  'why: vkms held by systemd-logind': async () => {
    modprobe('vkms');
    const nodes = ['/dev/dri/card0'];
    await tells('loaded', { module: 'vkms', holders: {}, nodes });
    const logind = await startPuppet('systemd-logind');
    await logind.do('open /dev/dri/card0');
    await tells('open', { module: 'vkms', holders: { 'systemd-logind': 1 }, nodes });
    const helpers = { drm_kms_helper: 1, drm_shmem_helper: 1, vkms: 1 };
    await tells('and drm', { module: 'drm', holders: { ...helpers, drm: 1, 'systemd-logind': 1 }, nodes });
    const shell = await logind.do('fork gnome-shell');
    await tells('forked: still one file', { module: 'vkms', holders: { 'systemd-logind': 1 }, nodes });
    process.kill(shell, 'SIGKILL');
    await letGo('vkms');
    modprobe('vkms');
    const xorg = await startPuppet('Xorg');
    await xorg.do('open /dev/dri/card0');
    await letGo('drm');
  },

  'why: a mount': async () => {
    modprobe('overlay');
    await tells('loaded', { module: 'overlay', holders: {} });
    must('/bin/mkdir', '-p', '/tmp/lower', '/tmp/upper', '/tmp/merged');
    const mounter = await startPuppet('mount');
    await mounter.do('mount overlay /tmp/merged lowerdir=/tmp/lower:/tmp/upper');
    await mounter.kill();
    await tells('mounted, by a process that has ended', { module: 'overlay', holders: { '/tmp/merged': 1 } });
    const reader = await startPuppet('less');
    await reader.do('chdir /tmp/merged');
    await letGo('overlay');
    await reader.kill();
  },

  'why: a mount that was detached under a program': async () => {
    modprobe('overlay');
    must('/bin/mkdir', '-p', '/tmp/lower', '/tmp/upper', '/tmp/merged');
    const mounter = await startPuppet('viewer');
    await mounter.do('mount overlay /tmp/merged lowerdir=/tmp/lower:/tmp/upper');
    await mounter.do('chdir /tmp/merged');
    await mounter.do('detach /tmp/merged');
    await tells('in no list of mounts', { module: 'overlay', holders: { 'overlay that was unmounted lazily': 1 } });
    await letGo('overlay');
  },

  'why: a mount in another namespace': async () => {
    modprobe('overlay');
    must('/bin/mkdir', '-p', '/tmp/lower', '/tmp/upper', '/tmp/merged');
    const container = await startPuppet('container');
    await container.do(`unshare ${newMounts}`);
    await container.do('mount overlay /tmp/merged lowerdir=/tmp/lower:/tmp/upper');
    await tells('that only a container sees', { module: 'overlay', holders: { '/tmp/merged': 1 } });
    await letGo('overlay');
    modprobe('overlay');
    await container.do('mount overlay /tmp/merged lowerdir=/tmp/lower:/tmp/upper');
    await container.kill();
    await tells('which has ended', { module: 'overlay', holders: {} });
    must('mount', '-t', 'overlay', 'overlay', '-o', 'lowerdir=/tmp/lower:/tmp/upper', '/tmp/merged');
    const copy = await startPuppet('copy');
    await copy.do(`unshare ${newMounts}`);
    await tells('which was copied there', { module: 'overlay', holders: { '/tmp/merged': 1 } });
    await letGo('overlay');
    await copy.kill();
  },

  'why: a socket': async () => {
    const candump = await startPuppet('candump');
    await candump.do('socket 29 3 1');
    await tells('opened', { module: 'can_raw', holders: { candump: 1 } });
    await tells('and the family', { module: 'can', holders: { can_raw: 1 } });
    await letGo('can_raw');
  },

  'why: a tunnel': async () => {
    modprobe('tun');
    const nodes = ['/dev/net/tun'];
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

  'why: disks upon disks': async () => {
    for (const module of ['loop', 'ext4', 'dm_mod']) modprobe(module);
    must('dd', 'if=/dev/zero', 'of=/tmp/why.img', 'bs=1M', 'count=4');
    must('/bin/sh', '-c', 'mke2fs -F /tmp/why.img');
    await tells('loaded', { module: 'loop', holders: {} });
    must('losetup', '/dev/loop0', '/tmp/why.img');
    await tells('bound', { module: 'loop', holders: { loop0: 1 }, nodes: ['/dev/loop0'] });
    must('/sbin/dmsetup', 'create', 'vault', '--table', '0 8192 linear /dev/loop0 0');
    await tells('mapped', { module: 'loop', holders: { loop0: 1, vault: 1 }, nodes: ['/dev/loop0'] });
    await tells('and its table', { module: 'dm_mod', holders: { vault: 2 }, nodes: ['/dev/dm-0'] });
    must('/bin/mkdir', '-p', '/mnt/vault');
    const node = existsSync('/dev/mapper/vault') ? '/dev/mapper/vault' : '/dev/dm-0';
    must('mount', '-t', 'ext4', node, '/mnt/vault');
    await tells('mounted', { module: 'ext4', holders: { '/mnt/vault': 1 }, nodes: ['/mnt/vault'] });
    const editor = await startPuppet('editor');
    await editor.do('chdir /mnt/vault');
    const backup = await startPuppet('backup');
    await backup.do('open-read /dev/dm-0');
    await tells('and read', {
      module: 'dm_mod',
      holders: { vault: 2, '/mnt/vault': 1, backup: 1 },
      nodes: ['/dev/dm-0'],
    });
    await letGo('loop');
    await letGo('dm_mod', 'free');
    await letGo('ext4', 'free');
    for (const puppet of [editor, backup]) await puppet.kill();
    rmSync('/tmp/why.img');
  },

  'why: swap': async () => {
    modprobe('zram');
    writeFileSync('/sys/block/zram0/disksize', '8M');
    must('mkswap', '/dev/zram0');
    must('swapon', '/dev/zram0');
    await tells('swapped to', { module: 'zram', holders: { '/dev/zram0': 2 }, nodes: ['/dev/zram0'] });
    await letGo('zram');
  },

  'why: a swap file, whose filesystem is on a disk in a file': async () => {
    for (const module of ['loop', 'ext4']) modprobe(module);
    must('dd', 'if=/dev/zero', 'of=/tmp/why.img', 'bs=1M', 'count=8');
    must('/bin/sh', '-c', 'mke2fs -F /tmp/why.img');
    must('losetup', '/dev/loop0', '/tmp/why.img');
    must('/bin/mkdir', '-p', "/mnt/it's mine");
    must('mount', '-t', 'ext4', '/dev/loop0', "/mnt/it's mine");
    must('dd', 'if=/dev/zero', "of=/mnt/it's mine/swap", 'bs=1M', 'count=2');
    must('mkswap', "/mnt/it's mine/swap");
    must('swapon', "/mnt/it's mine/swap");
    await tells('swapped to', { module: 'ext4', holders: { "/mnt/it's mine": 1 } });
    await letGo('loop');
    await letGo('ext4', 'free');
    rmSync('/tmp/why.img');
  },

  'why: a SCSI disk': async () => {
    modprobe('sd_mod');
    modprobe('sg');
    modprobe('scsi_debug', 'dev_size_mb=8');
    await eventually('the disk is there', () => existsSync('/dev/sda') && existsSync('/dev/sg0'));
    const nodes = ['/dev/sda', '/dev/sg0'];
    await tells('nobody uses it', { module: 'scsi_debug', holders: {}, nodes });
    const backup = await startPuppet('backup');
    await backup.do('open-read /dev/sda');
    await backup.do('open-read /dev/sg0');
    await tells('read as a disk and by SCSI commands', { module: 'scsi_debug', holders: { backup: 2 }, nodes });
    await tells('the disk', { module: 'sd_mod', holders: { backup: 1 }, nodes });
    await tells('the commands', { module: 'sg', holders: { backup: 3 }, nodes });
    await letGo('scsi_debug');
  },

  'why: sound': async () => {
    modprobe('snd_dummy');
    const nodes = ['/dev/snd/pcmC0D0p', '/dev/snd/controlC0'];
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
    const dog = await startPuppet('watchdogd');
    await dog.do('open /dev/watchdog0');
    await tells('open', { module: 'softdog', holders: { watchdogd: 2, watchdog0: 1 }, nodes: ['/dev/watchdog0'] });
    await dog.kill();
    await tells('nobody has it open', { module: 'softdog', holders: { watchdog0: 1 }, nodes: ['/dev/watchdog0'] });
    await letGo('softdog');
  },

  'why: an I2C bus': async () => {
    modprobe('i2c_dev');
    modprobe('i2c_stub', 'chip_addr=0x50');
    const dump = await startPuppet('i2cdump');
    await dump.do('open /dev/i2c-0');
    await tells('the bus', { module: 'i2c_stub', holders: { i2cdump: 1 }, nodes: ['/dev/i2c-0'] });
    await tells('its device', { module: 'i2c_dev', holders: { i2cdump: 2 }, nodes: ['/dev/i2c-0'] });
    await letGo('i2c_stub');
    run('/sbin/rmmod', 'i2c_dev');
  },

  'why: sockets of the crypto and of hosts': async () => {
    for (const module of ['algif_hash', 'vsock']) modprobe(module);
    const kcapi = await startPuppet('kcapi');
    const hash = await kcapi.do('socket 38 5 0');
    await tells('an AF_ALG socket', { module: 'af_alg', holders: { algif_hash: 1, kcapi: 2 } });
    await kcapi.do(`bind-hash ${hash}`);
    await tells('bound to a hash', { module: 'algif_hash', holders: { kcapi: 1 } });
    await kcapi.do('socket 40 1 0');
    await tells('a vsock', { module: 'vsock', holders: { kcapi: 2 } });
    await letGo('algif_hash');
    await letGo('vsock', 'free');
    run('/sbin/rmmod', 'af_alg');
    await kcapi.kill();
  },

  'why: firewall and queues': async () => {
    must('/sbin/nft', 'add table ip t; add chain ip t c; add rule ip t c ct state new counter accept');
    await tells('a rule', { module: 'nft_ct', holders: { 'ip t c': 1 } });
    await letGo('nft_ct');
    modprobe('dummy');
    run('/sbin/ip', 'link', 'add', 'dummy9', 'type', 'dummy');
    must('/sbin/tc', ...'qdisc add dev dummy9 root tbf rate 1mbit burst 32k latency 400ms'.split(' '));
    await tells('a queue', { module: 'sch_tbf', holders: { 'tbf on dummy9': 1 } });
    await letGo('sch_tbf');
    run('/sbin/rmmod', 'dummy');
  },

  'why: SCTP, which holds itself': async () => {
    modprobe('sctp');
    await tells('just loaded', { module: 'sctp', holders: { sctp: 2 } });
    const refused = run('/sbin/rmmod', 'sctp');
    check('rmmod is refused', refused, { status: 1, output: 'rmmod: ERROR: Module sctp is in use\n' });
    await staysUntilReboot('sctp');
  },

  'why: everything else that is loaded': async () => {
    await tellAll('after all that');
  },
};

/** Scenarios that start recordings of their own, or are about no one module. */
const alone = /the guest itself|in flight|everything else/;

const titleOf = (name: string) => name.replace(/^why: /, '');

/** Each begins a section of the table; all that may are played again while a recording runs. */
export const whyHeld = Object.fromEntries([
  ...Object.entries(played).map(([name, play]) => [
    name,
    () => {
      beginTable(titleOf(name));
      return play();
    },
  ]),
  ...Object.entries(played)
    .filter(([name]) => !alone.test(name))
    .map(([name, play]) => [
      `${name}, merged with a recording`,
      async () => {
        const capture = await startCapture();
        beginTable(`${titleOf(name)}, merged`, capture);
        try {
          await play();
        } finally {
          beginTable('');
          await capture.stop();
        }
      },
    ]),
]);
