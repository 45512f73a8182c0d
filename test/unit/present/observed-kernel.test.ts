import { expect, it } from 'vitest';
import { accountForPresent } from '../../../shared/analysis/present/account-for-present.ts';
import { planRelease } from '../../../shared/analysis/present/plan-release.ts';
import { fixtureBytes } from '../../support/read-fixture.ts';
import { readObservedSnapshot } from '../../support/read-observed-snapshot.ts';

const text = new TextDecoder().decode(fixtureBytes('snapshots/debian-6.1-with-holders.txt'));
const snapshot = readObservedSnapshot(text, '6.1.0-56-amd64');
const accounts = accountForPresent(snapshot);

/** What was done in that kernel, module by module. */
const truth = [
  'af_alg 3 = 1 module + 2 for 1 socket of t',
  'algif_hash 1 = probably 1 bound socket of t',
  'bochs 1 = 1 file of gdm.service',
  'can 1 = 1 module',
  'can_raw 1 = 1 socket of t',
  'dm_mod 3 = 1 module + 1 file of t + 1 device-mapper device (z)',
  'dm_zero 1 = 1 device-mapper device (z)',
  'drm 7 = 5 modules + 1 file of gdm.service + 1 DRM filesystem',
  'evdev 0',
  'ext4 1 = 1 mount (/mnt)',
  'i2c_dev 2 = 2 for 1 I2C bus of t',
  'i2c_stub 1 = 1 I2C bus of t',
  'kvm 1 = 1 module',
  'kvm_amd 3 = 1 virtual machine of t-142 + 1 file of t-139 + 1 file of t-142',
  'loop 3 = 1 mounted device (/mnt) + 1 loop device (loop0) + 1 loop device (loop5)',
  'snd 4 = 3 modules + 1 file of t',
  'snd_dummy 1 = 1 file of t',
  'snd_pcm 2 = 1 module + 1 file of t',
  'softdog 0',
  'tun 2 = 2 for 1 file of t',
  'vsock 2 = 2 for 1 socket of t',
  'watchdog 1 = 1 module',
];

it('explains every reference of a real kernel with seven programs, a mount, loop devices and a virtual machine', () => {
  expect(accounts.map(({ arithmetic }) => arithmetic)).toEqual(truth);
  expect(accounts.flatMap(({ cautions }) => cautions)).toEqual([]);
  expect(accounts.filter(({ unexplained }) => unexplained !== 0)).toEqual([]);
});

it('says which program it is that lsmod does not name', () => {
  const { holders } = accounts.find(({ module }) => module === 'bochs')!;
  expect(holders.map(({ name, unit, object, confidence }) => ({ name, unit, object, confidence }))).toEqual([
    { name: 't', unit: 'gdm.service', object: '/dev/dri/card0', confidence: 'certain' },
  ]);
  expect(holders[0]!.evidence).toEqual([{ from: 'snapshot', text: 'fd 3 of t (136) is /dev/dri/card0 (226:0)' }]);
});

it('plans to unmount before the loop device is detached', () => {
  const { outcome, steps } = planRelease(accounts, snapshot, 'loop');
  expect(outcome).toBe('unloads');
  expect(steps.map(({ alternatives }) => alternatives[0].command)).toEqual([
    'umount /mnt',
    'losetup -d /dev/loop0',
    'losetup -d /dev/loop5',
  ]);
});
