import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { SystemSnapshot } from '../../../../shared/snapshot/system-snapshot.ts';
import { eventually, modprobe, must, refcountOf } from '../kernel.ts';
import { keepLook, lookAround } from '../look.ts';
import { startPuppet } from '../puppet.ts';
import { check } from '../report.ts';

/** Constants of sched.h and socket.h. */
const newNetwork = 0x40000000;
const newMounts = 0x00020000;
const dummyUser = 1000;

/** Every way in which a process or the kernel holds a module, seen by the helper: nothing is concluded here. */
export const looksAround = {
  'a look at a graphical session': async () => {
    modprobe('vkms');
    modprobe('snd_dummy');
    modprobe('softdog', 'soft_margin=3600'); // it would restart a slow machine
    modprobe('uinput');
    const logind = await startPuppet('systemd-logind');
    const card = await logind.do('open /dev/dri/card0');
    const again = await logind.do(`dup ${card}`);
    const shell = await logind.do('fork gnome-shell');
    const xorg = await startPuppet('Xorg');
    const second = await xorg.do('open /dev/dri/card0');
    const path = await xorg.do('open-path /dev/dri/card0');
    const audio = await startPuppet('pulseaudio');
    const control = await audio.do('open /dev/snd/controlC0');
    const pcm = await audio.do('open /dev/snd/pcmC0D0p');
    const mapped = await audio.do('open /dev/snd/pcmC0D0p');
    await audio.do(`map ${mapped} 0x80000000`);
    await audio.do(`close ${mapped}`);
    const watchdogd = await startPuppet('watchdogd');
    const dog = await watchdogd.do('open /dev/watchdog0');
    const look = await lookAround();
    const { snapshot } = look;
    checkModules(snapshot);
    checkShared('dup and fork share one open file', snapshot, '/dev/dri/card0', [
      [at(logind.pid, card), at(logind.pid, again), at(shell, card), at(shell, again)],
      [at(xorg.pid, second)],
      [at(xorg.pid, path)],
    ]);
    check(
      'O_PATH is told',
      filesOf(snapshot, '/dev/dri/card0')
        .map((file) => (file.flags & 0o10000000) !== 0)
        .sort(),
      [false, false, true],
    );
    check(
      'what is mapped, its descriptor closed',
      snapshot.mappings.map(({ pid, link, device }) => ({ pid, link, device })),
      [{ pid: audio.pid, link: '/dev/snd/pcmC0D0p', device: deviceOf(snapshot, '/dev/snd/pcmC0D0p') }],
    );
    check('what the device is', snapshot.devices.get('c226:0')?.subsystem, 'drm');
    check('who the processes are', commOf(snapshot, [logind.pid, shell, xorg.pid]), [
      'systemd-logind',
      'gnome-shell',
      'Xorg',
    ]);
    keepLook('graphical-session', look, {
      about:
        'vkms, snd_dummy and softdog held by four programs; the shell is a fork of logind and shares its open file.',
      who: {
        '/dev/dri/card0': [
          { open: 1, pids: [logind.pid, shell] },
          { open: 1, pids: [xorg.pid] },
        ],
        '/dev/dri/card0 (O_PATH, holds nothing)': [{ open: 0, pids: [xorg.pid] }],
        '/dev/snd/controlC0': [{ open: 1, pids: [audio.pid], fd: control }],
        '/dev/snd/pcmC0D0p': [
          { open: 1, pids: [audio.pid], fd: pcm },
          { open: 1, pids: [audio.pid], mapped: true },
        ],
        '/dev/watchdog0': [{ open: 1, pids: [watchdogd.pid], fd: dog }],
      },
    });
    process.kill(shell, 'SIGKILL');
    for (const puppet of [logind, xorg, audio, watchdogd]) await puppet.kill();
  },

  'a look at disks and mounts': async () => {
    for (const module of ['loop', 'ext4', 'vfat', 'dm_mod', 'dm_zero', 'sd_mod', 'sg', 'zram', 'binfmt_misc'])
      modprobe(module);
    modprobe('scsi_debug', 'dev_size_mb=8');
    const images = ['usb', 'stick', 'inside'];
    for (const [place, name] of images.entries()) {
      must('dd', 'if=/dev/zero', `of=/tmp/${name}.img`, 'bs=1M', 'count=4');
      must('/bin/sh', '-c', `${place === 0 ? 'mke2fs -F' : 'mkdosfs'} /tmp/${name}.img`);
      must('losetup', `/dev/loop${place}`, `/tmp/${name}.img`);
    }
    must('mkdir', '-p', '/mnt/usb', '/mnt/my\tstick', '/mnt/inside', '/mnt/again');
    must('mount', '-t', 'ext4', '/dev/loop0', '/mnt/usb');
    must('mount', '--bind', '/mnt/usb', '/mnt/again');
    must('mount', '-t', 'vfat', '/dev/loop1', '/mnt/my\tstick');
    must('/bin/sh', '-c', 'echo text > /mnt/usb/letter; echo text > "$1"', 'sh', '/mnt/my\tstick/photo');
    writeFileSync('/sys/block/zram0/disksize', '8M');
    must('mkswap', '/dev/zram0');
    must('swapon', '/dev/zram0');
    must('/sbin/dmsetup', 'create', 'nothing', '--table', '0 1000 zero');
    await eventually('the disk is there', () => existsSync('/dev/sda') && existsSync('/dev/sg0'));
    const editor = await startPuppet('editor');
    const letter = await editor.do('open /mnt/usb/letter');
    await editor.do('chdir /mnt/usb');
    const viewer = await startPuppet('viewer');
    await viewer.do('open /mnt/my\tstick/photo');
    await viewer.do('detach /mnt/my\tstick');
    const container = await startPuppet('container');
    await container.do(`unshare ${newMounts}`);
    await container.do('mount-on /dev/loop2 /mnt/inside vfat');
    const backup = await startPuppet('backup');
    for (const device of ['/dev/dm-0', '/dev/sda', '/dev/sg0']) await backup.do(`open-read ${device}`);
    const look = await lookAround();
    const { snapshot } = look;
    checkModules(snapshot);
    const loops = snapshot.blockDevices.filter(({ name }) => /^loop[0-3]$/.test(name));
    check('files behind loop devices', loops.map(({ name, backingFile }) => [name, backingFile]).sort(), [
      ...images.map((name, place) => [`loop${place}`, `/tmp/${name}.img`]),
      ['loop3', undefined],
    ]);
    check('a filesystem that is mounted twice is one', mountsOf(snapshot, '/mnt/usb'), [
      'ext4',
      ['/mnt/usb', '/mnt/again'],
    ]);
    const usb = snapshot.superblocks.find(({ type }) => type === 'ext4');
    check(
      'who keeps it busy',
      usb?.standing.map(({ pid, how, link }) => [pid, how, link]),
      [
        [editor.pid, 'cwd', '/mnt/usb'],
        [editor.pid, 'fd', '/mnt/usb/letter'],
      ],
    );
    const lost = snapshot.superblocks.find(({ filesystem }) => filesystem === '7:1');
    check(
      'a filesystem that was unmounted under a viewer',
      [lost?.type, lost?.mountPoints, lost?.standing.map(({ pid, how }) => [pid, how])],
      ['vfat', [], [[viewer.pid, 'fd']]],
    );
    check('a mount of another namespace', mountsOf(snapshot, '/mnt/inside'), ['vfat', ['/mnt/inside']]);
    const disk = snapshot.blockDevices.find(({ name }) => name === 'sda');
    check('a disk and its host', [disk?.driverModule, disk?.hostModule], ['sd_mod', 'scsi_debug']);
    check(
      'what is swapped on',
      snapshot.blockDevices.filter(({ swap }) => swap).map(({ name }) => name),
      ['zram0'],
    );
    check('what is mapped', snapshot.blockDevices.find(({ name }) => name === 'dm-0')?.mapperName, 'nothing');
    check('and to what', snapshot.texts.get('dmsetup table'), 'nothing: 0 1000 zero \n');
    keepLook('disks-and-mounts', look, {
      about:
        'ext4 on loop0 with an editor in it and a bind mount; vfat on loop1, unmounted lazily under a viewer; vfat on loop2 in the mount namespace of a container; swap on zram0; dm-0, sda and sg0 open for a backup.',
      who: {
        '/mnt/usb (ext4, 7:0)': { standing: [editor.pid], fd: letter },
        'vfat, 7:1, unmounted': { standing: [viewer.pid] },
        '/mnt/inside (vfat, 7:2)': { namespaceOf: container.pid },
        '/dev/dm-0, /dev/sda, /dev/sg0': [{ open: 1, pids: [backup.pid] }],
      },
    });
    for (const puppet of [editor, viewer, container, backup]) await puppet.kill();
  },

  'a look at a network': async () => {
    for (const module of ['tun', 'can', 'can_raw', 'af_alg', 'algif_hash', 'vsock', 'sctp', 'dummy', 'tcp_bbr'])
      modprobe(module);
    const vpn = await startPuppet('openvpn');
    const tunnel = await vpn.do('open /dev/net/tun');
    await vpn.do(`tun ${tunnel} tun0`);
    const ip = await startPuppet('ip');
    const kept = await ip.do('open /dev/net/tun');
    await ip.do(`tun ${kept} tun1`);
    await ip.do(`persist ${kept} 1`);
    await ip.kill();
    const logger = await startPuppet('candump');
    const can = await logger.do('socket 29 3 1');
    const child = await logger.do('fork candump-child');
    const crypt = await startPuppet('kcapi');
    const hash = await crypt.do('socket 38 5 0');
    await crypt.do(`bind-alg ${hash} hash sha256`);
    await crypt.do('socket 40 1 0');
    await crypt.do('socket 2 1 132');
    const firewall = await startPuppet('firewalld');
    await firewall.do(`bind-netlink ${await firewall.do('socket 16 3 12')}`);
    const inside = await startPuppet('container');
    await inside.do(`unshare ${newNetwork}`);
    await inside.do('socket 29 3 1');
    writeFileSync('/proc/sys/net/ipv4/tcp_congestion_control', 'bbr');
    must('ifconfig', 'dummy0', 'up');
    must(
      '/sbin/tc',
      'qdisc',
      'add',
      'dev',
      'dummy0',
      'root',
      'tbf',
      'rate',
      '1mbit',
      'burst',
      '32k',
      'latency',
      '400ms',
    );
    must('/sbin/nft', 'add table ip t; add chain ip t c; add rule ip t c ct state new accept');
    must('/sbin/tc', ...'qdisc add dev dummy0 clsact'.split(' '));
    must('/sbin/tc', ...'filter add dev dummy0 ingress pref 10 matchall action drop'.split(' '));
    must('/sbin/ipset', 'create', 'hosts', 'hash:ip');
    const there = ['-t', String(inside.pid), '-n'];
    must(
      '/sbin/nsenter',
      ...there,
      '/sbin/nft',
      'add table ip t; add chain ip t c; add rule ip t c limit rate 10/second',
    );
    const look = await lookAround();
    const { snapshot } = look;
    checkModules(snapshot);
    const socket = (protocol: string) =>
      snapshot.sockets
        .filter((one) => one.protocol === protocol)
        .map(({ descriptors }) => descriptors.map(({ pid }) => snapshot.processes.get(pid)?.comm));
    check('a socket and its fork are one', socket('CAN_RAW'), [['candump', 'candump-child'], ['container']]);
    check('sockets by protocol', ['ALG', 'AF_VSOCK', 'SCTP'].map(socket), [[['kcapi']], [['kcapi']], [['kcapi']]]);
    const netlink = snapshot.sockets.find(({ netlinkProtocol }) => netlinkProtocol === 12);
    check(
      'a netlink socket of the firewall',
      netlink?.descriptors.map(({ pid }) => pid),
      [firewall.pid],
    );
    const file = snapshot.openFiles.find(({ link }) => link === '/dev/net/tun');
    check('the interface of a tunnel', file?.info.get('iff'), 'tun0');
    check('a tunnel that nobody has open', snapshot.texts.get('/sys/class/net/tun1/tun_flags'), '0x1801\n');
    const [own, container] = snapshot.networks;
    check(
      'queues',
      own?.queues.filter(({ device }) => device === 'dummy0').map(({ kind }) => kind),
      ['tbf', 'bfifo', 'clsact'],
    );
    check(
      'filters',
      own?.filters.map(({ kind, device, parent }) => [kind, device, parent]),
      [['matchall', 'dummy0', 'ffff:fff2']],
    );
    check('actions', own?.actions, [{ kind: 'gact', index: 1, references: 1, bindings: 1 }]);
    check('sets', own?.sets, [{ name: 'hosts', type: 'hash:ip', references: 0 }]);
    const expressions = (network = own) => network?.rules.map((rule) => rule.expressions.map(({ name }) => name));
    check('rules', expressions(), [['ct', 'bitwise', 'cmp', 'immediate']]);
    check('rules in the network of a container', [container?.pid, expressions(container)], [inside.pid, [['limit']]]);
    check(
      'and nothing is left to look at',
      snapshot.unseen.map(({ what }) => what).filter((what) => /network/.test(what)),
      [],
    );
    keepLook('network', look, {
      about:
        'tun0 of openvpn and tun1, persistent; CAN_RAW of candump and its fork, and of a container; a bound hash of AF_ALG; vsock; SCTP; netlink; bbr by default; a tbf queue, and at the same device a filter with an action; a set of addresses; one nft rule, and another in the network of the container.',
      who: {
        '/dev/net/tun': [{ open: 1, pids: [vpn.pid], fd: tunnel }],
        tun1: 'persistent, no process',
        CAN_RAW: [
          { open: 1, pids: [logger.pid, child], fd: can },
          { open: 1, pids: [inside.pid] },
        ],
        'ALG, AF_VSOCK, SCTP': [{ open: 1, pids: [crypt.pid] }],
        'netlink 12': [{ open: 1, pids: [firewall.pid] }],
      },
    });
    const userLook = await lookAround(dummyUser);
    checkModules(userLook.snapshot);
    check(
      'a user is told what is not seen',
      userLook.snapshot.unseen[0]?.what.replace(/\d+/, 'N'),
      'open files of N processes of other users',
    );
    check(
      'and that nftables answers only root',
      userLook.snapshot.unseen.find(({ what }) => what === 'rules of nftables')?.why,
      'The kernel does not permit it.',
    );
    keepLook('network-as-user', userLook, { about: 'The same system, seen by an ordinary user.' });
    process.kill(child, 'SIGKILL');
    for (const puppet of [vpn, logger, crypt, firewall, inside]) await puppet.kill();
  },
};

const mountsOf = (snapshot: SystemSnapshot, path: string) => {
  const found = snapshot.superblocks.find(({ mountPoints }) => mountPoints.some((one) => one.path === path));
  return [found?.type, [...new Set(found?.mountPoints.map((one) => one.path))]];
};

const at = (pid: number, fd: number) => `${pid}:${fd}`;

const filesOf = (snapshot: SystemSnapshot, link: string) => snapshot.openFiles.filter((file) => file.link === link);

const deviceOf = (snapshot: SystemSnapshot, link: string) => filesOf(snapshot, link)[0]?.device;

const commOf = (snapshot: SystemSnapshot, pids: readonly number[]) =>
  pids.map((pid) => snapshot.processes.get(pid)?.comm);

/** Descriptors by open file. */
function checkShared(step: string, snapshot: SystemSnapshot, link: string, expected: readonly string[][]): void {
  const seen = filesOf(snapshot, link).map(({ descriptors, compared }) => ({
    compared,
    descriptors: descriptors.map(({ pid, fd }) => at(pid, fd)).sort(),
  }));
  const wanted = expected.map((descriptors) => ({ compared: true, descriptors: [...descriptors].sort() }));
  const sorted = <T>(list: T[]) => list.map((one) => JSON.stringify(one)).sort();
  check(step, sorted(seen), sorted(wanted));
}

/** The kernel's own list, read by somebody else at about the same time. */
function checkModules(snapshot: SystemSnapshot): void {
  const names = readFileSync('/proc/modules', 'latin1')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' ')[0]!);
  check('every module is there, and no other', snapshot.modules.map(({ name }) => name).sort(), names.sort());
  check(
    'every refcount is that of the kernel',
    snapshot.modules.map(({ name, refcount, refcountAfter }) => [name, refcount, refcountAfter]),
    snapshot.modules.map(({ name }) => [name, refcountOf(name), refcountOf(name)]),
  );
}
