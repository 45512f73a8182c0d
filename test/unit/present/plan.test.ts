import { describe, expect, it } from 'vitest';
import { accountForPresent } from '../../../shared/analysis/present/account-for-present.ts';
import { planRelease } from '../../../shared/analysis/present/plan-release.ts';
import { quoteShell } from '../../../shared/analysis/present/quote-shell.ts';
import type { SystemSnapshot } from '../../../shared/snapshot/system-snapshot.ts';
import { device, disk, loaded, makeSnapshot, mounted, opened, running } from '../../support/make-snapshot.ts';

const plan = (snapshot: SystemSnapshot, module: string) => planRelease(accountForPresent(snapshot), snapshot, module);
const commands = (snapshot: SystemSnapshot, module: string) =>
  plan(snapshot, module).steps.map(({ alternatives }) => alternatives.map(({ title, command }) => command ?? title));

const card = device('c226:0 drm dri/card0', { path: '/sys/devices/platform/vkms/drm/card0' });

describe('programs', () => {
  it('a module that nothing holds is free', () => {
    expect(plan(makeSnapshot({ modules: [loaded('vkms 0')] }), 'vkms')).toEqual({
      module: 'vkms',
      outcome: 'free',
      summary: 'Nothing holds vkms: modprobe -r vkms unloads it.',
      steps: [],
      handOvers: [],
    });
  });

  it('what a user opened is closed first, and ended only if it must', () => {
    const app = '/user.slice/user-1000.slice/user@1000.service/app.slice/app-obs-77.scope';
    const camera = makeSnapshot({
      modules: [loaded('videodev 1'), loaded('uvcvideo 1')],
      processes: [running('77 obs', app)],
      devices: [device('c81:0 video4linux video0', { driverModule: 'uvcvideo' })],
      openFiles: [opened('77/9 c81:0 /dev/video0')],
    });
    expect(commands(camera, 'uvcvideo')).toEqual([['Close obs', 'systemctl --user stop app-obs-77.scope', 'kill 77']]);
    expect(plan(camera, 'uvcvideo').outcome).toBe('unloads');
  });

  it('a service is stopped, a container too', () => {
    const held = (cgroup: string) =>
      makeSnapshot({
        modules: [loaded('testmod 1')],
        processes: [running('50 holder', cgroup)],
        devices: [device('c10:120 misc testmod', { registered: 'testmod' })],
        openFiles: [opened('50/3 c10:120 /dev/testmod')],
      });
    expect(commands(held('/system.slice/gpsd.service'), 'testmod')).toEqual([
      ['systemctl stop gpsd.service', 'kill 50'],
    ]);
    const docker = `/system.slice/docker-${'ab'.repeat(32)}.scope`;
    expect(commands(held(docker), 'testmod')[0]).toContain('docker stop abababababab');
  });

  it('where the graphical session holds the card, it is left, and that is said', () => {
    const session = makeSnapshot({
      modules: [loaded('drm 3 vkms'), loaded('vkms 1')],
      processes: [running('545 systemd-logind', '/system.slice/systemd-logind.service')],
      devices: [card],
      openFiles: [opened('545/7 c226:0 /dev/dri/card0')],
    });
    const { steps } = plan(session, 'vkms');
    expect(steps[0]!.alternatives[0]).toEqual({
      title: 'Leave the graphical session',
      command: 'systemctl isolate multi-user.target',
      consequence: 'ends the graphical session and every program in it',
    });
    expect(commands(session, 'vkms')[0]).not.toContain('systemctl stop systemd-logind.service');
  });

  it('dependents go first, with all that holds them, and each thing once', () => {
    const session = makeSnapshot({
      modules: [loaded('drm 3 vkms'), loaded('vkms 1')],
      processes: [running('60 test')],
      devices: [card],
      openFiles: [opened('60/3 c226:0 /dev/dri/card0')],
    });
    expect(commands(session, 'drm')).toEqual([['Close test', 'kill 60'], ['modprobe -r vkms']]);
    expect(plan(session, 'drm').outcome).toBe('unloads');
  });

  it('modules that hold each other in a circle end', () => {
    const circle = makeSnapshot({ modules: [loaded('a 1 b'), loaded('b 1 a')] });
    expect(commands(circle, 'a')).toEqual([['modprobe -r b']]);
  });
});

describe('filesystems and disks', () => {
  it('who stands on a mount leaves it, then it is unmounted, then what it lies on goes', () => {
    const stack = makeSnapshot({
      modules: [loaded('dm_mod 3 dm_crypt'), loaded('dm_crypt 1'), loaded('loop 2'), loaded('ext4 1')],
      processes: [running('300 bash')],
      superblocks: [
        mounted('254:0 ext4 /dev/mapper/vault /mnt/my disk', {
          mountPoints: [{ path: '/mnt/my disk', namespace: 1, pid: 1 }],
          standing: [{ pid: 300, how: 'cwd', link: '/mnt/my disk' }],
          standingCount: 1,
        }),
      ],
      blockDevices: [
        disk('loop0 7:0', { backingFile: '/tmp/e.img' }),
        disk('dm-0 254:0', { mapperName: 'vault', mapperUuid: 'CRYPT-LUKS2-1-vault', slaves: ['loop0'] }),
      ],
      texts: { 'dmsetup table': 'vault: 0 1000 crypt aes-xts-plain64 :64:logon:x 0 7:0 32768\n' },
    });
    for (const module of ['loop', 'dm_crypt'])
      expect(commands(stack, module).slice(0, 3)).toEqual([
        ['Close bash', 'kill -HUP 300'],
        ["umount '/mnt/my disk'"],
        ['cryptsetup close vault', 'dmsetup remove vault'],
      ]);
    expect(commands(stack, 'loop').at(-1)).toEqual(['losetup -d /dev/loop0']);
    expect(commands(stack, 'ext4').at(-1)).toEqual(["umount '/mnt/my disk'"]);
  });

  it('mounts below and loop devices of its files go before a mount', () => {
    const nested = makeSnapshot({
      modules: [loaded('ext4 1'), loaded('xfs 1'), loaded('loop 2')],
      superblocks: [mounted('8:1 ext4 /dev/sda1 /data'), mounted('7:0 xfs /dev/loop0 /data/image')],
      blockDevices: [disk('loop0 7:0', { backingFile: '/data/disk.img' })],
    });
    expect(commands(nested, 'ext4').map(([first]) => first)).toEqual([
      'umount /data/image',
      'losetup -d /dev/loop0',
      'umount /data',
    ]);
  });

  it('an automount is stopped by its unit', () => {
    const automount = makeSnapshot({
      modules: [loaded('autofs4 1')],
      superblocks: [mounted('0:30 autofs systemd-1 /proc/sys/fs/binfmt_misc')],
    });
    expect(commands(automount, 'autofs4')).toEqual([['systemctl stop proc-sys-fs-binfmt_misc.automount']]);
  });
});

describe('what cannot be released', () => {
  it('a permanent module stays until a reboot, and so does what it uses', () => {
    const permanent = makeSnapshot({ modules: [loaded('drm 1 nvidia'), loaded('nvidia 0', { permanent: true })] });
    expect(plan(permanent, 'drm')).toMatchObject({ outcome: 'reboot' });
    expect(plan(permanent, 'nvidia').summary).toMatch(/no exit function \(\[permanent\]\)/);
  });

  it('what is not explained makes the plan unsure, and says how to find out', () => {
    const stuck = plan(makeSnapshot({ modules: [loaded('vkms 2')] }), 'vkms');
    expect(stuck.outcome).toBe('unsure');
    expect(stuck.summary).toMatch(/^What holds 2 references of vkms is not known/);
  });

  it('what the module holds of itself for ever is said to need a reboot', () => {
    const sctp = plan(makeSnapshot({ modules: [loaded('sctp 2')] }), 'sctp');
    expect([sctp.outcome, sctp.steps]).toEqual(['reboot', []]);
    expect(sctp.summary).toMatch(/^sctp cannot be let go of: it makes a control socket/);
  });

  it('what is known and has no command is a step, and no promise', () => {
    const crypto = makeSnapshot({
      modules: [loaded('crc32c_intel 1'), loaded('libcrc32c 0')],
      texts: { '/proc/crypto': 'name : crc32c\ndriver : crc32c-intel\nmodule : crc32c_intel\nrefcnt : 2\n' },
    });
    expect(plan(crypto, 'crc32c_intel').outcome).toBe('unsure');
    expect(commands(crypto, 'crc32c_intel')).toEqual([['Stop what encrypts or checks with it: the module libcrc32c']]);
  });

  it('never proposes to force', () => {
    const all = plan(makeSnapshot({ modules: [loaded('a 1 b'), loaded('b 3')] }), 'a');
    expect(JSON.stringify(all)).not.toMatch(/rmmod|-f\b|--force/);
  });
});

describe('words for a shell', () => {
  it.each([
    ['plain', 'plain'],
    ['/mnt/a b', "'/mnt/a b'"],
    ["it's", "'it'\\''s'"],
    ['$(reboot)', "'$(reboot)'"],
    ['-rf', "'-rf'"],
    ['a\nb', "$'a\\x0ab'"],
    ["\u001b[31m'", "$'\\x1b[31m\\x27'"],
    ["a\\'", "$'a\\x5c\\x27'"],
    ['=ls', "'=ls'"],
    ['a‮b', "$'a\\xe2\\x80\\xaeb'"],
    ['', "''"],
  ])('quotes %j as %s', (word, quoted) => {
    expect(quoteShell(word)).toBe(quoted);
  });
});
