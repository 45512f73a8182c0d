import { describe, expect, it } from 'vitest';
import { accountForPresent } from '../../../shared/analysis/present/account-for-present.ts';
import { planRelease } from '../../../shared/analysis/present/plan-release.ts';
import type { ProcessFact, SystemSnapshot } from '../../../shared/snapshot/system-snapshot.ts';
import { device, disk, loaded, makeSnapshot, mounted, opened, running } from '../../support/make-snapshot.ts';

const plan = (snapshot: SystemSnapshot, module: string) => planRelease(accountForPresent(snapshot), snapshot, module);
const firstsOf = (snapshot: SystemSnapshot, module: string) =>
  plan(snapshot, module).steps.map(({ alternatives: [{ command }] }) => command);

describe('a step does what it says', () => {
  it('a graphical session that was started from a console is logged out: no target ends it', () => {
    const scope = '/user.slice/user-1000.slice/session-2.scope';
    const card = (...others: readonly ProcessFact[]) =>
      plan(
        makeSnapshot({
          modules: [loaded('vkms 1')],
          processes: [
            running('545 systemd-logind', '/system.slice/systemd-logind.service'),
            running('700 sway', scope),
            ...others,
          ],
          devices: [device('c226:0 drm dri/card0', { driverModule: 'vkms' })],
          openFiles: [opened('545/7,700/9 c226:0 /dev/dri/card0')],
        }),
        'vkms',
      ).steps[0]!.alternatives[0];
    expect(card()).toEqual({
      title: 'Leave the graphical session',
      command: 'loginctl terminate-session 2',
      consequence: 'ends the graphical session and every program in it',
    });
    const manager = running('600 gdm3', '/system.slice/gdm.service');
    expect(card(manager).command).toBe('systemctl isolate multi-user.target');
  });

  it('no single device is taken where nothing is counted; where users are known only probably, that is said before', () => {
    const card = (refcount: number | undefined, holder = 'certain') =>
      plan(
        makeSnapshot({
          modules: [loaded('bochs 1', { refcount, refcountAfter: refcount, drivers: ['pci:bochs-drm'] })],
          processes: [running('50 fim')],
          devices: [device('c226:0 drm dri/card0', holder === 'certain' ? { driverModule: 'bochs' } : {})],
          openFiles:
            holder === 'certain' ? [opened('50/3 c226:0 /dev/dri/card0')] : [opened('50/3 - /dmabuf:', { info })],
          texts: { '/sys/bus/pci/drivers/bochs-drm': '0000:00:02.0\nbind\n', ...drm },
        }),
        'bochs',
      );
    const info = new Map([['exp_name', 'drm']]);
    const drm = { '/sys/class/drm/card0/device/driver/module': '../../../../module/bochs\n' };
    expect(card(1).handOvers.map(({ consequence }) => consequence)).toEqual([
      'the device does nothing until a driver is bound to it',
    ]);
    expect(card(undefined)).toMatchObject({ outcome: 'reboot', handOvers: [] });
    expect(card(1, 'probable').handOvers.map(({ consequence }) => consequence)).toEqual([
      'look again before, for some users of bochs are known only probably; the device does nothing until a driver is bound to it',
    ]);
  });

  it('a module that a developer built is removed where modprobe does not know it', () => {
    const built = makeSnapshot({ modules: [loaded('core 1 mine'), loaded('mine 0', { taints: 'OE' })] });
    expect(plan(built, 'core').steps[0]!.alternatives.map(({ command }) => command)).toEqual([
      'modprobe -r mine',
      'rmmod mine',
    ]);
  });

  it('where the kernel unloads nothing any more, only a reboot helps', () => {
    const closed = makeSnapshot({
      modules: [loaded('vkms 0')],
      texts: { '/proc/sys/kernel/modules_disabled': '1\n' },
    });
    expect(plan(closed, 'vkms')).toMatchObject({ outcome: 'reboot', steps: [] });
    expect(plan(closed, 'vkms').summary).toMatch(/kernel\.modules_disabled is 1/);
  });

  it('a mount namespace is entered through somebody who is still there', () => {
    const space = { mnt: 99, net: 2, pid: 3, user: 4 };
    const there = (...others: readonly ProcessFact[]) =>
      makeSnapshot({
        modules: [loaded('ext4 1')],
        processes: [running('812 nginx', '/', { namespaces: space }), ...others],
        superblocks: [
          mounted('8:1 ext4 /dev/sda1 /mnt', {
            mountPoints: [
              { path: '/mnt', namespace: 1, pid: 1 },
              { path: '/data', namespace: 99, pid: 812 },
            ],
            standing: [{ pid: 812, how: 'cwd', link: '/data' }],
            standingCount: 1,
          }),
        ],
      });
    expect(firstsOf(there(), 'ext4')).toEqual([undefined, 'umount /mnt']);
    expect(firstsOf(there(running('813 helper', '/', { namespaces: space })), 'ext4')).toEqual([
      undefined,
      'umount /mnt && nsenter -t 813 -m umount /data',
    ]);
  });

  it('a watchdog is disarmed when its program has closed it, and that is said', () => {
    const folder = '/sys/class/watchdog/watchdog0';
    const armed = (node: string) =>
      plan(
        makeSnapshot({
          modules: [loaded('softdog 3')],
          processes: [running('50 watchdogd')],
          devices: [device(node === 'watchdog' ? 'c10:130 misc watchdog' : 'c248:0 watchdog watchdog0')],
          openFiles: [opened(`50/3 ${node === 'watchdog' ? 'c10:130' : 'c248:0'} /dev/${node}`)],
          texts: { [`${folder}/state`]: 'active\n', [`${folder}/identity`]: 'Software Watchdog\n' },
        }),
        'softdog',
      ).steps.map(({ alternatives }) => alternatives.at(-1)!);
    for (const node of ['watchdog', 'watchdog0']) {
      const [first, second] = armed(node);
      expect(first).toMatchObject({ command: 'kill 50' });
      expect(first!.consequence).toMatch(/reboots when nobody feeds the watchdog: disarm it at once$/);
      expect(second).toMatchObject({ command: 'printf V > /dev/watchdog0' });
    }
  });

  it('where more stand on a filesystem than are told, nothing is promised', () => {
    const crowd = Array.from({ length: 64 }, (_, at) => 1000 + at);
    const busy = (standingCount: number) =>
      plan(
        makeSnapshot({
          modules: [loaded('ext4 1')],
          processes: crowd.map((pid) => running(`${pid} worker`, '/system.slice/crowd.service')),
          superblocks: [
            mounted('8:1 ext4 /dev/sda1 /mnt', {
              standing: crowd.map((pid) => ({ pid, how: 'cwd', link: '/mnt' })),
              standingCount,
            }),
          ],
        }),
        'ext4',
      );
    expect(busy(64).outcome).toBe('unloads');
    expect(busy(65).outcome).toBe('unsure');
    expect(busy(65).summary).toMatch(/there are more: look again after them/);
  });

  it('an automount is stopped by whose it is', () => {
    const at = (path: string, source: string) =>
      firstsOf(
        makeSnapshot({
          modules: [loaded('autofs4 1')],
          superblocks: [mounted('0:30 autofs x', { source, mountPoints: [{ path, namespace: 1, pid: 1 }] })],
        }),
        'autofs4',
      );
    expect(at('/misc', '/etc/auto.misc')).toEqual(['systemctl stop autofs.service']);
    expect(at('/ä b/.c', 'systemd-1')).toEqual([String.raw`systemctl stop '\xc3\xa4\x20b-.c.automount'`]);
    expect(at('/.hidden', 'systemd-1')).toEqual([String.raw`systemctl stop '\x2ehidden.automount'`]);
  });

  it('another governor, and a clock source that there is', () => {
    const policy = '/sys/devices/system/cpu/cpufreq/policy0/scaling_governor';
    const governor = makeSnapshot({ modules: [loaded('cpufreq_performance 1')], texts: { [policy]: 'performance\n' } });
    expect(firstsOf(governor, 'cpufreq_performance')).toEqual([`echo schedutil > ${policy}`]);
    const folder = '/sys/devices/system/clocksource/clocksource0';
    const clock = (available: string) =>
      makeSnapshot({
        modules: [loaded('hyperclock 1')],
        texts: {
          [`${folder}/current_clocksource`]: 'hyperclock\n',
          [`${folder}/available_clocksource`]: available,
        },
      });
    expect(firstsOf(clock('hyperclock hpet acpi_pm \n'), 'hyperclock')).toEqual([
      `echo hpet > ${folder}/current_clocksource`,
    ]);
    expect(plan(clock('hyperclock \n'), 'hyperclock').outcome).toBe('unsure');
  });

  it('the disk under what everything depends on is given up after it', () => {
    const disks = makeSnapshot({
      modules: [loaded('sd_mod 1')],
      superblocks: [mounted('8:3 ext4 /dev/sda3 /home')],
      blockDevices: [disk('sda 8:0', { partitions: [{ name: 'sda3', device: '8:3' }] })],
    });
    expect(plan(disks, 'sd_mod').steps[0]!.alternatives[0]).toMatchObject({
      command: 'umount /home',
      consequence: 'the folders of all users are out of reach',
    });
  });
});
