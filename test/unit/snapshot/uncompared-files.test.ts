import { expect, test } from 'vitest';
import { accountForPresent } from '../../../shared/analysis/present/account-for-present.ts';
import { joinUncompared } from '../../../shared/snapshot/join-uncompared.ts';
import { device, loaded, makeSnapshot, opened, running } from '../../support/make-snapshot.ts';

const card = { inode: 107, compared: false };

test('descriptors that the helper could not compare may be one open file, and are not counted as several', () => {
  const openFiles = joinUncompared([
    opened('545/7 c226:0 /dev/dri/card0', card),
    opened('700/7 c226:0 /dev/dri/card0', card),
    opened('700/9 c226:0 /dev/dri/card0', { ...card, flags: 0o10000002 }),
    opened('701/3 c226:1 /dev/dri/card1', { inode: 108 }),
  ]);
  expect(openFiles.map(({ descriptors }) => descriptors.length).sort()).toEqual([1, 1, 2]);
  const account = (refcount: number) =>
    accountForPresent(
      makeSnapshot({
        modules: [loaded(`vkms ${refcount}`)],
        processes: [running('545 systemd-logind'), running('700 gnome-shell')],
        devices: [device('c226:0 drm dri/card0', { driverModule: 'vkms' })],
        openFiles,
      }),
    )[0]!;
  expect(account(1)).toMatchObject({ explained: 1, probable: 0, cautions: [] });
  expect(account(2)).toMatchObject({ explained: 2, probable: 2 });
});

test('anonymous files are the same only where they call themselves the same', () => {
  const [machine, other] = [opened('50/3 - anon_inode:kvm-vm', card), opened('50/4 - anon_inode:kvm-vcpu:0', card)];
  expect(joinUncompared([machine, other])).toHaveLength(2);
});
