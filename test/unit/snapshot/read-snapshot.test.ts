import { describe, expect, test } from 'vitest';
import type { SystemSnapshot } from '../../../shared/snapshot/system-snapshot.ts';
import { readSnapshotFixture, snapshotFixtures } from '../../support/read-snapshot-fixture.ts';

const commOf = (snapshot: SystemSnapshot, descriptors: readonly { pid: number }[]) =>
  [...new Set(descriptors.map(({ pid }) => snapshot.processes.get(pid)?.comm))].sort();

test.each(snapshotFixtures)('%s: every refcount is the one that somebody else read', (name) => {
  const { snapshot, truth } = readSnapshotFixture(name);
  const read = Object.fromEntries(snapshot.modules.map((module) => [module.name, module.refcount]));
  expect(read).toEqual(truth.refcounts);
  expect(snapshot.modules.every(({ refcount, refcountAfter }) => refcount === refcountAfter)).toBe(true);
  expect(snapshot.kernel).toBe('6.1.0-56-amd64');
  expect(snapshot.ended > snapshot.began).toBe(true);
});

describe('a graphical session', () => {
  const { snapshot } = readSnapshotFixture('graphical-session');

  test('logind and the shell that it forked share one open card, and Xorg has another', () => {
    const cards = snapshot.openFiles.filter(
      ({ link, flags }) => link === '/dev/dri/card0' && (flags & 0o10000000) === 0,
    );
    expect(cards.map(({ descriptors }) => commOf(snapshot, descriptors)).sort()).toEqual([
      ['Xorg'],
      ['gnome-shell', 'systemd-logind'],
    ]);
    expect(cards.map(({ descriptors, compared }) => [descriptors.length, compared]).sort()).toEqual([
      [1, true],
      [4, true],
    ]);
  });

  test('devices say their subsystem, their name and their driver', () => {
    const control = snapshot.openFiles.find(({ link }) => link === '/dev/snd/controlC0');
    expect(snapshot.devices.get(control?.device ?? '')).toEqual({
      key: control?.device,
      path: '/sys/devices/platform/snd_dummy.0/sound/card0/controlC0',
      subsystem: 'sound',
      name: 'snd/controlC0',
      driverModule: 'snd_dummy',
      registered: 'alsa',
    });
    expect(snapshot.devices.get('c5:1')?.registered).toBe('/dev/console');
  });

  test('what is mapped of a device that is closed is there', () => {
    expect(snapshot.mappings.map(({ link, pid }) => [link, snapshot.processes.get(pid)?.comm])).toEqual([
      ['/dev/snd/pcmC0D0p', 'pulseaudio'],
    ]);
  });

  test('links between modules are names of modules', () => {
    const snd = snapshot.modules.find(({ name }) => name === 'snd');
    expect([...(snd?.holders ?? [])].sort()).toEqual(['snd_dummy', 'snd_pcm', 'snd_timer']);
  });

  test('kernel threads are told from programs, and programs have what root may know', () => {
    const threads = [...snapshot.processes.values()].filter(({ kernelThread }) => kernelThread);
    expect(threads.map(({ comm }) => comm)).toContain('kthreadd');
    const node = [...snapshot.processes.values()].find(({ comm }) => comm === 'node');
    expect(node).toMatchObject({ executable: '/lab/bin/node', user: 0, inspected: true });
    expect(node?.threads.length).toBeGreaterThan(3);
    expect(node?.namespaces?.mnt).toBe(snapshot.processes.get(1)?.namespaces?.mnt);
  });
});

describe('disks and mounts', () => {
  const { snapshot } = readSnapshotFixture('disks-and-mounts');
  const at = (filesystem: string) => snapshot.superblocks.find((one) => one.filesystem === filesystem);

  test('a filesystem that is mounted twice is one, with who is in it', () => {
    expect(at('7:0')).toMatchObject({ type: 'ext4', source: '/dev/loop0' });
    expect([...new Set(at('7:0')?.mountPoints.map(({ path }) => path))]).toEqual(['/mnt/usb', '/mnt/again']);
    expect(at('7:0')?.standing.map(({ how, link }) => [how, link])).toEqual([
      ['cwd', '/mnt/usb'],
      ['fd', '/mnt/usb/letter'],
    ]);
  });

  test('one that was unmounted under its user is known by its kind and by who keeps it', () => {
    expect(at('7:1')).toMatchObject({ type: 'vfat', mountPoints: [], standingCount: 1 });
    expect(commOf(snapshot, at('7:1')?.standing ?? [])).toEqual(['viewer']);
  });

  test('one of a container is in its namespace alone', () => {
    const [point] = at('7:2')?.mountPoints ?? [];
    expect(at('7:2')?.mountPoints).toHaveLength(1);
    expect(snapshot.processes.get(point?.pid ?? 0)).toMatchObject({
      comm: 'container',
      namespaces: { mnt: point?.namespace },
    });
  });

  test('block devices say what they stand on', () => {
    const disk = (name: string) => snapshot.blockDevices.find((one) => one.name === name);
    expect(disk('loop0')).toMatchObject({ device: '7:0', backingFile: '/tmp/usb.img' });
    expect(disk('sda')).toMatchObject({ driverModule: 'sd_mod', hostModule: 'scsi_debug' });
    expect(disk('dm-0')).toMatchObject({ mapperName: 'nothing', swap: false });
    expect(disk('zram0')?.swap).toBe(true);
    expect(snapshot.texts.get('dmsetup table')).toBe('nothing: 0 1000 zero \n');
  });
});

describe('a network', () => {
  const { snapshot } = readSnapshotFixture('network');
  const sockets = (protocol: string) => snapshot.sockets.filter((one) => one.protocol === protocol);

  test('sockets are known by their protocol, however many share one', () => {
    expect(sockets('CAN_RAW').map(({ descriptors }) => commOf(snapshot, descriptors))).toEqual([
      ['candump', 'candump-child'],
      ['container'],
    ]);
    for (const protocol of ['ALG', 'AF_VSOCK', 'SCTP']) {
      expect(sockets(protocol).map(({ descriptors }) => commOf(snapshot, descriptors))).toEqual([['kcapi']]);
    }
  });

  test('a socket of a container is of its network', () => {
    const [own, other] = sockets('CAN_RAW').map(({ networkNamespace }) => networkNamespace);
    expect(own).toBe(snapshot.processes.get(1)?.namespaces?.net);
    expect(other).not.toBe(own);
  });

  test('netlink tells its protocol, and a tunnel its interface', () => {
    const firewall = snapshot.sockets.filter(({ netlinkProtocol }) => netlinkProtocol === 12);
    expect(firewall.map(({ descriptors }) => commOf(snapshot, descriptors))).toEqual([['firewalld']]);
    expect(snapshot.openFiles.find(({ link }) => link === '/dev/net/tun')?.info.get('iff')).toBe('tun0');
  });

  test('settings stand under their own path', () => {
    expect(snapshot.texts.get('/proc/sys/net/ipv4/tcp_congestion_control')).toBe('bbr\n');
    expect(snapshot.unseen).toEqual([]);
  });

  test('the packet filter and traffic control are those of every network that a process is in', () => {
    const [own, container] = snapshot.networks;
    const names = (network = own) => network?.rules.map(({ expressions }) => expressions.map(({ name }) => name));
    expect([own?.pid, names()]).toEqual([undefined, [['ct', 'bitwise', 'cmp', 'immediate']]]);
    expect(names(container)).toEqual([['limit']]);
    expect(snapshot.processes.get(container?.pid ?? 0)?.comm).toBe('container');
    expect(container?.namespace).toBe(snapshot.processes.get(container?.pid ?? 0)?.namespaces?.net);
    const queues = own?.queues.filter(({ device }) => device === 'dummy0');
    expect(queues?.map(({ kind }) => kind)).toEqual(['tbf', 'bfifo', 'clsact']);
    const action = { kind: 'gact', index: 1, references: 1, bindings: 1 };
    expect(own?.filters).toEqual([
      {
        kind: 'matchall',
        device: 'dummy0',
        block: undefined,
        parent: 'ffff:fff2',
        chain: 0,
        preference: 10,
        protocol: 0x300,
        actions: [action],
        matches: [],
      },
    ]);
    expect(own?.actions).toEqual([action]);
    expect(own?.sets).toEqual([{ name: 'hosts', type: 'hash:ip', references: 0 }]);
  });

  test('an ordinary user sees the modules, and is told what is hidden', () => {
    const { snapshot: less } = readSnapshotFixture('network-as-user');
    expect(less.asRoot).toBe(false);
    expect(less.modules.map(({ name }) => name)).toEqual(snapshot.modules.map(({ name }) => name));
    expect(less.openFiles).toEqual([]);
    expect(less.unseen[0]?.what).toMatch(/^open files of \d+ processes of other users$/);
    expect(less.unseen).toContainEqual({
      what: 'rules of nftables',
      why: 'The kernel does not permit it.',
      count: undefined,
    });
  });
});
