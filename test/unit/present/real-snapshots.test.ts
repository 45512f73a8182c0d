import { describe, expect, it } from 'vitest';
import { accountForPresent } from '../../../shared/analysis/present/account-for-present.ts';
import { planRelease } from '../../../shared/analysis/present/plan-release.ts';
import type { PresentAccounting } from '../../../shared/analysis/present/present-accounting.ts';
import { isLinkHolder } from '../../../shared/analysis/present/word-present.ts';
import { readSnapshotFixture, type SnapshotFixture } from '../../support/read-snapshot-fixture.ts';

/** Who really holds what beside the modules that link to it, as it was made so in that kernel. */
const truths: Readonly<Record<Exclude<SnapshotFixture, 'network-as-user'>, Readonly<Record<string, object>>>> = {
  'graphical-session': {
    '9p': { '/lab': 1, '/out': 1 },
    '9pnet_virtio': { '/lab': 1, '/out': 1 },
    drm: { 'systemd-logind': 1, Xorg: 1, drm: 1 },
    drm_kms_helper: { vtcon1: 1, fb0: 1 },
    snd: { pulseaudio: 4 },
    snd_dummy: { pulseaudio: 3 },
    snd_pcm: { pulseaudio: 2 },
    softdog: { watchdogd: 2, watchdog0: 1 },
    vkms: { 'systemd-logind': 1, Xorg: 1 },
    watchdog: { watchdogd: 1 },
  },
  'disks-and-mounts': {
    '9p': { '/lab': 1, '/out': 1 },
    '9pnet_virtio': { '/lab': 1, '/out': 1 },
    crc32c_intel: { 'crc32c-intel': 1 },
    dm_mod: { nothing: 1, backup: 1 },
    dm_zero: { nothing: 1 },
    drm: { drm: 1 },
    drm_kms_helper: { vtcon1: 1, fb0: 1 },
    ext4: { '/mnt/usb': 1 },
    loop: { loop0: 1, loop1: 1, loop2: 1, '/mnt/usb': 1, '/mnt/inside': 1, 'unmounted vfat': 1 },
    nls_ascii: { '/mnt/inside': 1, 'vfat that was unmounted lazily': 1 },
    nls_cp437: { '/mnt/inside': 1, 'vfat that was unmounted lazily': 1 },
    scsi_debug: { backup: 2 },
    sd_mod: { backup: 1 },
    sg: { backup: 3 },
    softdog: { watchdog0: 1 },
    vfat: { '/mnt/inside': 1, 'vfat that was unmounted lazily': 1 },
    zram: { '/dev/zram0': 2 },
  },
  network: {
    '9p': { '/lab': 1, '/out': 1 },
    '9pnet_virtio': { '/lab': 1, '/out': 1 },
    act_gact: { 'gact 1': 1 },
    af_alg: { kcapi: 2 },
    algif_hash: { kcapi: 1 },
    can_raw: { candump: 1, container: 1 },
    cls_matchall: { 'matchall on dummy0': 1 },
    crc32c_intel: { 'crc32c-intel': 2 },
    dm_mod: { nothing: 1 },
    dm_zero: { nothing: 1 },
    drm: { drm: 1 },
    drm_kms_helper: { vtcon1: 1, fb0: 1 },
    ext4: { '/mnt/usb': 1 },
    ip_set_hash_ip: { hosts: 1 },
    loop: { loop0: 1, loop1: 1, loop2: 1, '/mnt/usb': 1 },
    nf_tables: { 'ip t c': 3 },
    nfnetlink: { firewalld: 1 },
    nft_ct: { 'ip t c': 1 },
    nft_limit: { 'ip t c': 1 },
    sch_ingress: { 'clsact on dummy0': 1 },
    sch_tbf: { 'tbf on dummy0': 1 },
    sctp: { kcapi: 2, sctp: 4 },
    softdog: { watchdog0: 1 },
    tcp_bbr: { bbr: 1 },
    tun: { openvpn: 2, tun1: 1 },
    vsock: { kcapi: 2 },
    zram: { '/dev/zram0': 2 },
  },
};

function holdersOf({ holders }: PresentAccounting): Record<string, number> {
  const named: Record<string, number> = {};
  for (const holder of holders) {
    if (holder.confidence === 'low' || isLinkHolder(holder)) continue;
    named[holder.name] = (named[holder.name] ?? 0) + holder.references;
  }
  return named;
}

describe.each(Object.entries(truths))('%s, as root saw it in a real kernel', (name, truth) => {
  const { snapshot, truth: kept } = readSnapshotFixture(name as SnapshotFixture);
  const accounts = accountForPresent(snapshot);

  it('counts as the kernel does, and explains every reference', () => {
    expect(Object.fromEntries(accounts.map(({ module, refcount }) => [module, refcount]))).toEqual(kept.refcounts);
    expect(accounts.filter(({ unexplained }) => unexplained > 0).map(({ arithmetic }) => arithmetic)).toEqual([]);
    expect(accounts.flatMap(({ cautions }) => cautions)).toEqual([]);
  });

  it('names just those who hold', () => {
    const told = accounts.map((accounting) => [accounting.module, holdersOf(accounting)] as const);
    expect(Object.fromEntries(told.filter(([, holders]) => Object.keys(holders).length > 0))).toEqual(truth);
  });

  it('has a plan for every module that is held, with a command in every step', () => {
    for (const { module, refcount } of accounts) {
      const { outcome, steps } = planRelease(accounts, snapshot, module);
      // SCTP keeps a socket of its own for ever, and with it what it links to.
      const stays = module === 'sctp' || steps.some(({ reason }) => reason.startsWith('sctp uses'));
      const wanted = refcount === 0 ? /^free$/ : stays ? /^reboot$/ : /^(unloads|unsure)$/;
      expect([module, outcome]).toEqual([module, expect.stringMatching(wanted)]);
      if (outcome === 'unloads') expect(steps.length).toBeGreaterThan(0);
    }
  });
});

it('an ordinary user is told less, and nothing that is wrong', () => {
  const { snapshot } = readSnapshotFixture('network-as-user');
  const accounts = accountForPresent(snapshot);
  const all = truths.network;
  let unexplained = 0;
  for (const accounting of accounts) {
    unexplained += accounting.unexplained;
    for (const [name, references] of Object.entries(holdersOf(accounting))) {
      const held = all[accounting.module] as Record<string, number> | undefined;
      expect([accounting.module, name, references <= (held?.[name] ?? 0)]).toEqual([accounting.module, name, true]);
    }
    if (accounting.unexplained > 0) expect(accounting.cautions[0]).toMatch(/^Looked as an ordinary user/);
  }
  expect(unexplained).toBeGreaterThan(0);
});
