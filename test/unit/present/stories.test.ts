import { describe, expect, it } from 'vitest';
import { accountForPresent } from '../../../shared/analysis/present/account-for-present.ts';
import { device, disk, loaded, makeSnapshot, mounted, opened, running } from '../../support/make-snapshot.ts';
import { accountOf, tellPresent } from '../../support/tell-present.ts';

const card = device('c226:0 drm dri/card0', { path: '/sys/devices/platform/vkms/drm/card0' });
const vkms = {
  modules: [loaded('drm 4 drm_kms_helper,vkms'), loaded('drm_kms_helper 1 vkms'), loaded('vkms 1')],
  processes: [running('545 systemd-logind', '/system.slice/systemd-logind.service')],
  devices: [card],
  openFiles: [opened('545/7 c226:0 /dev/dri/card0')],
};

describe('open files', () => {
  it('vkms is held by systemd-logind, which lsmod does not say', () => {
    expect(tellPresent(makeSnapshot(vkms))).toEqual([
      'drm 4 = 2 modules + 1 file of systemd-logind.service + 1 DRM filesystem',
      'drm_kms_helper 1 = 1 module',
      'vkms 1 = 1 file of systemd-logind.service',
    ]);
  });

  it('a file that a fork shares is one holder with two processes', () => {
    const shared = makeSnapshot({
      ...vkms,
      processes: [...vkms.processes, running('700 child', '/system.slice/systemd-logind.service')],
      openFiles: [opened('545/7,700/7 c226:0 /dev/dri/card0')],
    });
    const [holder] = accountOf(shared, 'vkms').holders;
    expect(holder!.processes.map(({ pid }) => pid)).toEqual([545, 700]);
    expect(accountOf(shared, 'vkms').arithmetic).toBe('vkms 1 = 1 file of systemd-logind.service (2 processes)');
  });

  it('three processes of one service are told of as the service', () => {
    const gdm = '/system.slice/gdm.service';
    const three = makeSnapshot({
      ...vkms,
      modules: [loaded('vkms 3')],
      processes: [running('10 gdm', gdm), running('11 gdm-worker', gdm), running('12 gdm-session', gdm)],
      openFiles: [10, 11, 12].map((pid) => opened(`${pid}/3 c226:0 /dev/dri/card0`)),
    });
    expect(tellPresent(three)).toEqual(['vkms 3 = 3 files of gdm.service (3 processes)']);
  });

  it('a descriptor of O_PATH opens nothing', () => {
    const path = makeSnapshot({
      ...vkms,
      modules: [loaded('vkms 0')],
      openFiles: [opened('545/7 c226:0 /dev/dri/card0', { flags: 0o10000002 })],
    });
    expect(tellPresent(path)).toEqual(['vkms 0']);
    expect(accountOf(path, 'vkms').cautions).toEqual([]);
  });

  it('descriptors that could not be compared are as many files as the count asks for, and that is told', () => {
    const files = [opened('545/7,545/8,545/9 c226:0 /dev/dri/card0', { compared: false })];
    const one = accountOf(makeSnapshot({ ...vkms, modules: [loaded('vkms 1')], openFiles: files }), 'vkms');
    expect(one.holders.map(({ references, confidence }) => [references, confidence])).toEqual([[1, 'high']]);
    const two = accountOf(makeSnapshot({ ...vkms, modules: [loaded('vkms 2')], openFiles: files }), 'vkms');
    expect(two.holders.map(({ references, confidence }) => [references, confidence])).toEqual([[2, 'medium']]);
    const five = accountOf(makeSnapshot({ ...vkms, modules: [loaded('vkms 5')], openFiles: files }), 'vkms');
    expect([five.explained, five.unexplained]).toEqual([3, 2]);
  });

  it('a tun device counts twice, and a persistent interface without any program once more', () => {
    const tun = makeSnapshot({
      modules: [loaded('tun 3')],
      processes: [running('140 openvpn')],
      devices: [device('c10:200 misc net/tun', { registered: 'tun' })],
      openFiles: [opened('140/3 c10:200 /dev/net/tun')],
      texts: { '/sys/class/net/tun0/tun_flags': '0x1801\n', '/sys/class/net/tap1/tun_flags': '0x1002\n' },
    });
    expect(tellPresent(tun)).toEqual(['tun 3 = 2 for 1 file of openvpn + 1 persistent interface (tun0)']);
  });

  it('an input device holds the module of its node, not the driver', () => {
    const input = makeSnapshot({
      modules: [loaded('evdev 1'), loaded('hid_generic 0')],
      processes: [running('900 Xorg')],
      devices: [device('c13:64 input input/event0', { driverModule: 'hid_generic' })],
      openFiles: [opened('900/4 c13:64 /dev/input/event0')],
    });
    expect(tellPresent(input)).toEqual(['evdev 1 = 1 file of Xorg', 'hid_generic 0']);
  });

  it('a sound stream holds three modules; the card is told by /proc/asound/modules', () => {
    const sound = makeSnapshot({
      modules: [loaded('snd 1'), loaded('snd_pcm 1'), loaded('snd_dummy 1')],
      processes: [
        running('137 pipewire', '/user.slice/user-1000.slice/user@1000.service/session.slice/pipewire.service'),
      ],
      devices: [device('c116:2 sound snd/pcmC0D0p')],
      openFiles: [opened('137/3 c116:2 /dev/snd/pcmC0D0p')],
      texts: { '/proc/asound/modules': ' 0 snd_dummy\n' },
    });
    expect(tellPresent(sound)).toEqual([
      'snd 1 = 1 file of pipewire.service',
      'snd_dummy 1 = 1 file of pipewire.service',
      'snd_pcm 1 = 1 file of pipewire.service',
    ]);
  });

  it('memory that is mapped keeps the device open when no descriptor is left', () => {
    const mapping = { pid: 545, link: '/dev/testmod', device: 'c10:120', filesystem: '0:5', inode: 9 };
    const mapped = makeSnapshot({
      modules: [loaded('testmod 1')],
      processes: [running('545 mapper')],
      devices: [device('c10:120 misc testmod', { registered: 'testmod' })],
      mappings: [mapping, { ...mapping }],
    });
    expect(tellPresent(mapped)).toEqual(['testmod 1 = 1 mapping of mapper']);
    const both = makeSnapshot({
      modules: [loaded('testmod 1')],
      processes: [running('545 mapper')],
      devices: [device('c10:120 misc testmod', { registered: 'testmod' })],
      mappings: [mapping],
      openFiles: [opened('545/3 c10:120 /dev/testmod')],
    });
    expect(tellPresent(both)).toEqual(['testmod 1 = 1 file of mapper']);
  });

  it('a virtual machine is one reference up to 6.6, and one for each processor as well from 6.7 on', () => {
    const machine = {
      modules: [loaded('kvm_intel 2'), loaded('kvm 1 kvm_intel')],
      processes: [running('142 qemu')],
      devices: [device('c10:232 misc kvm', { registered: 'kvm' })],
      openFiles: [
        opened('142/6 c10:232 /dev/kvm'),
        opened('142/7 - anon_inode:kvm-vm'),
        opened('142/8 - anon_inode:kvm-vcpu:0'),
        opened('142/9 - anon_inode:[eventfd]'),
      ],
    };
    const old = accountOf(makeSnapshot(machine), 'kvm_intel');
    expect([old.explained, old.unexplained, old.cautions]).toEqual([2, 0, []]);
    const modules = [loaded('kvm_intel 3'), loaded('kvm 1 kvm_intel')];
    const now = accountOf(makeSnapshot({ ...machine, kernel: '6.12.9-amd64', modules }), 'kvm_intel');
    expect([now.explained, now.unexplained, now.cautions]).toEqual([3, 0, []]);
  });

  it('a USB serial port holds its chip’s module too, once for the port', () => {
    const serial = makeSnapshot({
      modules: [loaded('usbserial 4 ftdi_sio'), loaded('ftdi_sio 1')],
      processes: [running('50 minicom'), running('51 gpsd')],
      devices: [device('c188:0 tty ttyUSB0', { registered: 'ttyUSB', driverModule: 'ftdi_sio' })],
      openFiles: [opened('50/3 c188:0 /dev/ttyUSB0'), opened('51/3 c188:0 /dev/ttyUSB0')],
    });
    expect(tellPresent(serial).sort()).toEqual([
      'ftdi_sio 1 = 1 terminal of minicom',
      'usbserial 4 = 1 module + 2 for 1 terminal of minicom + 1 terminal of gpsd',
    ]);
  });
});

describe('filesystems and disks', () => {
  it('a filesystem is one reference however often it is mounted, and a lazily unmounted one still is', () => {
    const mounts = makeSnapshot({
      modules: [loaded('ext4 2')],
      processes: [running('300 bash')],
      superblocks: [
        mounted('7:0 ext4 /dev/loop0 /mnt', {
          mountPoints: [
            { path: '/mnt', namespace: 1, pid: 1 },
            { path: '/bind', namespace: 1, pid: 1 },
          ],
        }),
        mounted('7:1 ext4 /dev/loop1', { standing: [{ pid: 300, how: 'cwd', link: '/old' }], standingCount: 1 }),
      ],
    });
    expect(tellPresent(mounts)).toEqual([
      'ext4 2 = 1 mount (/mnt) + probably 1 mount (ext4 that was unmounted lazily)',
    ]);
  });

  it('a mounted loop device is held by its file and by the mount', () => {
    const loop = makeSnapshot({
      modules: [loaded('loop 2'), loaded('ext4 1')],
      superblocks: [mounted('7:0 ext4 /dev/loop0 /mnt')],
      blockDevices: [disk('loop0 7:0', { backingFile: '/tmp/e.img' }), disk('loop1 7:1')],
    });
    expect(tellPresent(loop)).toEqual([
      'ext4 1 = 1 mount (/mnt)',
      'loop 2 = 1 mounted device (/mnt) + 1 loop device (loop0)',
    ]);
  });

  it('an encrypted disk under a filesystem: each layer counts on the one below', () => {
    const stack = makeSnapshot({
      modules: [loaded('dm_mod 3 dm_crypt'), loaded('dm_crypt 1'), loaded('sd_mod 1'), loaded('ahci 1')],
      superblocks: [mounted('254:0 ext4 /dev/mapper/vault /vault')],
      blockDevices: [
        disk('sda 8:0', { partitions: [{ name: 'sda1', device: '8:1' }], driverModule: 'sd_mod', hostModule: 'ahci' }),
        disk('dm-0 254:0', { mapperName: 'vault', mapperUuid: 'CRYPT-LUKS2-1-vault', slaves: ['sda1'] }),
      ],
      texts: { 'dmsetup table': 'vault: 0 1000 crypt aes-xts-plain64 :64:logon:x 0 8:1 32768\n' },
    });
    expect(tellPresent(stack)).toEqual([
      'ahci 1 = 1 device built on it (vault)',
      'dm_crypt 1 = 1 device-mapper device (vault)',
      'dm_mod 3 = 1 module + 1 mounted device (/vault) + 1 device-mapper device (vault)',
      'sd_mod 1 = 1 device built on it (vault)',
    ]);
  });

  it('swap counts twice: the file that swapon opened, and the claim', () => {
    const swap = makeSnapshot({
      modules: [loaded('zram 2')],
      blockDevices: [disk('zram0 253:0', { swap: true })],
      texts: { '/proc/swaps': 'Filename Type Size Used Priority\n/dev/zram0 partition 1024 0 100\n' },
    });
    expect(tellPresent(swap)).toEqual(['zram 2 = 2 for 1 swap area (/dev/zram0)']);
  });

  it('before 5.11 only the first opener of a device counted', () => {
    const old = makeSnapshot({
      kernel: '5.10.0-30-amd64',
      modules: [loaded('brd 1')],
      processes: [running('8 a'), running('9 b')],
      openFiles: [opened('8/3 b1:0 /dev/ram0'), opened('9/3 b1:0 /dev/ram0')],
      blockDevices: [disk('ram0 1:0')],
    });
    expect(accountOf(old, 'brd')).toMatchObject({ explained: 1, unexplained: 0, cautions: [] });
  });

  it('what a mount’s options name is held as well', () => {
    const vfat = makeSnapshot({
      modules: [loaded('vfat 1'), loaded('nls_cp437 1'), loaded('nls_ascii 1')],
      superblocks: [mounted('8:1 vfat /dev/sda1 /boot/efi', { options: 'rw,fmask=0077,codepage=437,iocharset=ascii' })],
    });
    expect(tellPresent(vfat)).toEqual([
      'nls_ascii 1 = 1 mount (/boot/efi)',
      'nls_cp437 1 = 1 mount (/boot/efi)',
      'vfat 1 = 1 mount (/boot/efi)',
    ]);
  });
});

describe('honesty', () => {
  it('what is found beyond the count is a caution and no holder', () => {
    const { explained, unexplained, holders, cautions } = accountOf(
      makeSnapshot({
        modules: [loaded('ext4 1')],
        superblocks: [mounted('7:0 ext4 /dev/loop0 /a'), mounted('7:1 ext4 /dev/loop1 /b')],
      }),
      'ext4',
    );
    expect([explained, unexplained]).toEqual([1, 0]);
    expect(holders.map(({ name, confidence }) => [name, confidence])).toEqual([['/a', 'medium']]);
    expect(cautions).toEqual([
      'By what is known of this kind (get_filesystem in sget_fc) there should be 1 reference more: /dev/loop1 (7:1, ext4) is mounted on /b. Either it ended meanwhile, or this kernel counts otherwise.',
    ]);
  });

  it('a count of nothing but links is nothing but links', () => {
    const { holders, arithmetic } = accountOf(
      makeSnapshot({ ...vkms, modules: [loaded('drm 1 vkms'), loaded('vkms 0')], openFiles: [], devices: [] }),
      'drm',
    );
    expect(holders.map(({ name }) => name)).toEqual(['vkms']);
    expect(arithmetic).toBe('drm 1 = 1 module');
  });

  it('a reading that raced says so', () => {
    const raced = makeSnapshot({
      modules: [loaded('vkms 1', { refcountAfter: 2 }), loaded('drm 0', { refcountAfter: undefined })],
    });
    expect(accountOf(raced, 'vkms').cautions[0]).toBe('Its count changed from 1 to 2 while this was read: look again.');
    expect(accountOf(raced, 'drm').cautions[0]).toBe('It was unloaded while this was read.');
  });

  it('what could not be looked at is named where something is left to explain, and only there', () => {
    const unseen = [{ what: 'open files of 143 processes of other users', why: 'this user may not', count: 143 }];
    const user = makeSnapshot({ modules: [loaded('vkms 1'), loaded('drm 1 vkms')], asRoot: false, unseen });
    expect(accountOf(user, 'vkms').cautions).toEqual([
      'Looked as an ordinary user: what other users hold cannot be seen.',
      'Could not look at open files of 143 processes of other users: this user may not',
    ]);
    expect(accountOf(user, 'drm').cautions).toEqual([]);
  });

  it('a module that is not loaded is never named', () => {
    const builtIn = makeSnapshot({ ...vkms, modules: [loaded('vkms 1')] });
    expect(tellPresent(builtIn)).toEqual(['vkms 1 = 1 file of systemd-logind.service']);
  });

  it('names that other people chose stay what they are', () => {
    const name = 'e\u001b[31m\n‮evil';
    const hostile = makeSnapshot({
      ...vkms,
      processes: [{ ...running('545 x'), comm: name }],
    });
    expect(accountOf(hostile, 'vkms').holders[0]!.name).toBe(name);
  });
});

it('ten thousand mounts and five thousand open files are no work to speak of', () => {
  const crowd = makeSnapshot({
    modules: [loaded('drm 5001'), loaded('vkms 5000'), loaded('overlay 10000')],
    processes: Array.from({ length: 300 }, (_, place) => running(`${place + 10} p${place}`)),
    devices: [card],
    openFiles: Array.from({ length: 5000 }, (_, place) =>
      opened(`${10 + (place % 300)}/${place} c226:0 /dev/dri/card0`),
    ),
    superblocks: Array.from({ length: 10_000 }, (_, place) =>
      mounted(`0:${place} overlay overlay /var/lib/${place}/merged`),
    ),
  });
  const before = process.cpuUsage();
  const accounts = accountForPresent(crowd);
  const { user } = process.cpuUsage(before);
  expect(accounts.map(({ unexplained }) => unexplained)).toEqual([0, 0, 0]);
  expect(user / 1e6).toBeLessThan(5);
}, 60_000);
