import { describe, expect, it } from 'vitest';
import { accountForPresent } from '../../../shared/analysis/present/account-for-present.ts';
import { planRelease } from '../../../shared/analysis/present/plan-release.ts';
import type { SystemSnapshot } from '../../../shared/snapshot/system-snapshot.ts';
import { device, disk, loaded, makeSnapshot, opened, running } from '../../support/make-snapshot.ts';

const accountOf = (snapshot: SystemSnapshot, module: string) =>
  accountForPresent(snapshot).find((one) => one.module === module)!;

const told = (snapshot: SystemSnapshot, module: string) => {
  const { arithmetic, unexplained } = accountOf(snapshot, module);
  return [arithmetic, unexplained];
};

const planOf = (snapshot: SystemSnapshot, module: string) => {
  const { outcome, steps } = planRelease(accountForPresent(snapshot), snapshot, module);
  return { outcome, ways: steps.map(({ alternatives: [{ title, command }] }) => command ?? title) };
};

describe('what real kernels were seen to count, and rules had wrong or not at all', () => {
  it('a network disk that is open and not connected counts as one that is', () => {
    const open = {
      modules: [loaded('nbd 3')],
      processes: [running('80 blkid'), running('81 udisksd')],
      openFiles: [opened('80/3 b43:0 /dev/nbd0'), opened('81/3 b43:0 /dev/nbd0')],
      blockDevices: [disk('nbd0 43:0'), disk('nbd1 43:32')],
    };
    expect(told(makeSnapshot(open), 'nbd')[1]).toBe(0);
    expect(planOf(makeSnapshot(open), 'nbd')).toEqual({ outcome: 'unloads', ways: ['Close blkid', 'Close udisksd'] });
    const texts = { '/sys/block/nbd0/pid': '812\n' };
    expect(planOf(makeSnapshot({ ...open, texts }), 'nbd').ways).toContain('nbd-client -d /dev/nbd0');
  });

  it('the chip of a USB serial line is let go by the last that has the line open', () => {
    const line = makeSnapshot({
      modules: [loaded('usbserial 4 ftdi_sio'), loaded('ftdi_sio 1')],
      processes: [running('80 minicom'), running('81 logger')],
      devices: [device('c188:0 tty ttyUSB0', { registered: 'ttyUSB', driverModule: 'ftdi_sio' })],
      openFiles: [opened('80/3 c188:0 /dev/ttyUSB0'), opened('81/3 c188:0 /dev/ttyUSB0')],
    });
    expect(told(line, 'ftdi_sio')).toEqual(['ftdi_sio 1 = 1 terminal of minicom', 0]);
    expect(told(line, 'usbserial')[1]).toBe(0);
    expect(planOf(line, 'ftdi_sio')).toEqual({ outcome: 'unloads', ways: ['Close logger', 'Close minicom'] });
  });

  it('a live patch that is disabled holds itself until the last process has left it', () => {
    const patched = (enabled: string, kernel = '6.1.0') =>
      makeSnapshot({ kernel, modules: [loaded('fix 1')], texts: { '/sys/kernel/livepatch/fix/enabled': enabled } });
    // There the folder stays when all have left it.
    expect([told(patched('0\n', '5.0.0'), 'fix')[1], told(patched('1\n', '5.0.0'), 'fix')[1]]).toEqual([1, 0]);
    expect(planOf(patched('1\n'), 'fix')).toEqual({
      outcome: 'unloads',
      ways: ['echo 0 > /sys/kernel/livepatch/fix/enabled'],
    });
    expect(told(patched('0\n'), 'fix')[1]).toBe(0);
    expect(planOf(patched('0\n'), 'fix')).toEqual({
      outcome: 'unsure',
      ways: ['End what is still in the patch fix, or wait for it: grep -l 1 /proc/[0-9]*/task/*/patch_state'],
    });
  });

  it('a disk of several NVMe controllers is the core’s alone, as a node for commands too', () => {
    const nodes = makeSnapshot({
      modules: [loaded('nvme_core 7 nvme'), loaded('nvme 2')],
      processes: [running('60 fio'), running('61 dd')],
      devices: [
        device('c241:0 nvme-generic ng0n1', { driverModule: 'nvme' }),
        device('c241:1 nvme-generic ng1n1', { path: '/devices/virtual/nvme-subsystem/nvme-subsys1/ng1n1' }),
      ],
      openFiles: [
        opened('60/3 c241:0 /dev/ng0n1'),
        opened('60/4 c241:1 /dev/ng1n1'),
        opened('61/3 b259:0 /dev/nvme1n1'),
        opened('61/4 b259:0 /dev/nvme1n1'),
        opened('61/5 b259:0 /dev/nvme1n1'),
      ],
      blockDevices: [disk('nvme1n1 259:0')],
    });
    expect(told(nodes, 'nvme')[1]).toBe(0);
    expect(told(nodes, 'nvme_core')[1]).toBe(0);
  });

  it('rfcomm listens on a socket of the core of Bluetooth, until it is unloaded', () => {
    const radio = makeSnapshot({ modules: [loaded('bluetooth 3 rfcomm'), loaded('rfcomm 0')] });
    expect(told(radio, 'bluetooth')).toEqual(['bluetooth 3 = 1 module + 2 for 1 listening socket (rfcomm)', 0]);
    expect(planOf(radio, 'bluetooth')).toEqual({ outcome: 'unloads', ways: ['modprobe -r rfcomm'] });
  });

  it('a tap on an interface holds its driver, and twice what taps are made of', () => {
    const machine = makeSnapshot({
      modules: [loaded('macvtap 1'), loaded('tap 3 macvtap')],
      processes: [running('70 qemu')],
      devices: [device('c240:1 macvtap tap5', { registered: 'macvtap' })],
      openFiles: [opened('70/3 c240:1 /dev/tap5')],
    });
    expect(told(machine, 'macvtap')[1]).toBe(0);
    expect(told(machine, 'tap')[1]).toBe(0);
  });

  it('the discipline of a pseudo-terminal is a program’s whose work is to attach one, and no shell’s', () => {
    const line = (comm: string) =>
      makeSnapshot({
        modules: [loaded('ppp_async 1')],
        processes: [running(`90 ${comm}`)],
        devices: [device('c136:0', { registered: 'pts' })],
        openFiles: [opened('90/3 c136:0 /dev/pts/0')],
      });
    expect(told(line('pppd'), 'ppp_async')[1]).toBe(0);
    expect(accountOf(line('bash'), 'ppp_async')).toMatchObject({ unexplained: 1, holders: [] });
    const started = line('pppd');
    const both = [opened('90/0 c136:1 /dev/pts/1'), ...started.openFiles];
    const devices = new Map([...started.devices, ['c136:1', device('c136:1', { registered: 'pts' })]]);
    const [holder] = accountOf({ ...started, devices, openFiles: both }, 'ppp_async').holders;
    expect(holder).toMatchObject({ object: '/dev/pts/0', references: 1 });
  });
});
