import { describe, expect, it } from 'vitest';
import { accountFor } from '../../../shared/analysis/account-for.ts';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { standingsAt } from '../../../shared/analysis/standings-at.ts';
import { parseTime, printTime } from '../../../shared/event-table/clock.ts';
import { readFixture, recordingOf } from '../../support/read-fixture.ts';

function open(name: string) {
  const { table } = recordingOf(readFixture(`recordings/seeds/${name}`));
  const analysis = analyse(table);
  const end = table.time[table.length - 1]!;
  const at = (text: string) => parseTime(table.clock, text)!;
  return { table, analysis, end, at };
}

const held = 'vkms-held-by-logind.report.txt';

describe('the recording in which systemd-logind holds vkms', () => {
  const { table, analysis, end, at } = open(held);

  it('vkms held by systemd-logind-545 via drm_stub_open since 102.168297 (open)', () => {
    const account = accountFor(analysis, 'vkms', end);
    expect(account).toMatchObject({ refcount: 2, lsmod: 1, explained: 1, unexplained: 0, baseline: 0, state: 'live' });
    expect(account.arithmetic).toBe('vkms: 1 reference = 1 file of systemd-logind');
    const [holder, ...others] = account.holders;
    expect(others).toEqual([]);
    expect(holder).toMatchObject({
      kind: 'task',
      name: 'systemd-logind',
      pid: 545,
      references: 1,
      callSite: 'drm_stub_open',
      confidence: 'high',
      until: undefined,
      lines: [26],
      alsoHolds: [{ module: 'drm', references: 1 }],
    });
    expect(printTime(table.clock, holder!.since!)).toBe('102.168297');
    expect(holder!.meaning).toContain('opened a DRM device');
    expect(holder!.release).toContain('systemd-logind (pid 545)');
  });

  it('drm: 4 references = 2 modules + 1 DRM filesystem of vkms + 1 file of systemd-logind', () => {
    const account = accountFor(analysis, 'drm', end);
    expect(account.arithmetic).toBe(
      'drm: 4 references = 2 modules + 1 DRM filesystem of vkms + 1 file of systemd-logind',
    );
    expect(account.holders.map(({ kind, name, callSite, lines }) => [kind, name, callSite, lines])).toEqual([
      ['module', 'drm_kms_helper', 'ref_module', [12, 17]],
      ['module', 'vkms', 'ref_module', [19, 21]],
      ['module', 'vkms', 'get_filesystem', [22]],
      ['task', 'systemd-logind', 'cdev_get', [24]],
    ]);
  });

  // The walk through the recording by hand: time, what drm and vkms count as lsmod does, what holds drm.
  const walk: readonly [string, number | undefined, number | undefined, string][] = [
    ['102.001424', undefined, undefined, 'drm: not loaded'],
    ['102.117198', 1, undefined, 'drm: 1 reference = 1 reference of its loader'],
    ['102.118399', 0, undefined, 'drm: no references'],
    ['102.145601', 1, undefined, 'drm: 1 reference = 1 module'],
    ['102.160087', 2, undefined, 'drm: 2 references = 2 modules'],
    ['102.161679', 2, 1, 'drm: 2 references = 2 modules'],
    ['102.161689', 3, 1, 'drm: 3 references = 2 modules + 1 DRM filesystem of vkms'],
    ['102.163020', 3, 0, 'drm: 3 references = 2 modules + 1 DRM filesystem of vkms'],
    ['102.168295', 4, 0, 'drm: 4 references = 2 modules + 1 DRM filesystem of vkms + 1 file of systemd-logind'],
    ['102.168296', 5, 0, 'drm: 5 references = 2 modules + 1 DRM filesystem of vkms + 2 for 1 file of systemd-logind'],
    ['102.168297', 5, 1, 'drm: 5 references = 2 modules + 1 DRM filesystem of vkms + 2 for 1 file of systemd-logind'],
    ['102.168298', 4, 1, 'drm: 4 references = 2 modules + 1 DRM filesystem of vkms + 1 file of systemd-logind'],
  ];
  it.each(walk)('at %s drm counts %s, vkms %s: %s', (time, drm, vkms, arithmetic) => {
    const account = accountFor(analysis, 'drm', at(time));
    expect(account.lsmod).toBe(drm);
    expect(account.arithmetic).toBe(arithmetic);
    expect(accountFor(analysis, 'vkms', at(time)).lsmod).toBe(vkms);
  });

  it('drm_kms_helper is held by vkms, its four framebuffer helpers by drm_kms_helper', () => {
    const usedBy = Object.fromEntries(standingsAt(analysis, end).map((standing) => [standing.module, standing.usedBy]));
    expect(usedBy).toEqual({
      drm: ['drm_kms_helper', 'vkms'],
      drm_kms_helper: ['vkms'],
      fb_sys_fops: ['drm_kms_helper'],
      syscopyarea: ['drm_kms_helper'],
      sysfillrect: ['drm_kms_helper'],
      sysimgblt: ['drm_kms_helper'],
      vkms: [],
    });
  });

  it('the reference that drm_stub_open gave back was held for two microseconds and is noise', () => {
    const { holds } = analysis;
    const passing = Array.from({ length: holds.length }, (_, hold) => hold).filter(
      (hold) => holds.transient[hold] === 1,
    );
    expect(passing.map((hold) => [table.line[holds.startRow[hold]!], table.line[holds.endRow[hold]!]])).toEqual([
      [25, 27],
    ]);
  });
});

it('in the second recording nobody holds vkms, and drm is left with three references', () => {
  const { analysis, end } = open('vkms-free.report.txt');
  expect(accountFor(analysis, 'vkms', end)).toMatchObject({ lsmod: 0, explained: 0, unexplained: 0, holders: [] });
  expect(accountFor(analysis, 'vkms', end).arithmetic).toBe('vkms: no references');
  expect(accountFor(analysis, 'drm', end).arithmetic).toBe('drm: 3 references = 2 modules + 1 DRM filesystem of vkms');
});

describe.each(['testmod.trace_pipe.txt', 'testmod.trace.txt'])('%s, of a kernel from before 3.19', (name) => {
  const { analysis, end, at } = open(name);

  it('prints no use counts', () => {
    expect(analysis.refcounts).toBe('per-cpu');
    expect(accountFor(analysis, 'testmod', at('28038.103904')).cautions[0]).toContain('before 3.19');
  });

  it('shows testmod loading, then loaded and not held though it printed 2, then freed', () => {
    expect(accountFor(analysis, 'testmod', at('28038.101509'))).toMatchObject({ state: 'loading', lsmod: 1 });
    expect(accountFor(analysis, 'testmod', at('28038.103904'))).toMatchObject({
      state: 'live',
      refcount: 2,
      lsmod: 0,
      holders: [],
    });
    expect(accountFor(analysis, 'testmod', end)).toMatchObject({ state: 'absent', lsmod: undefined });
  });
});

it('binfmt_misc on an old kernel: the numbers are no counts, so none is claimed', () => {
  const { analysis, end } = open('binfmt_misc-noise.trace_pipe.txt');
  expect(analysis.refcounts).toBe('per-cpu');
  expect(accountFor(analysis, 'binfmt_misc', end)).toMatchObject({
    refcount: 129671,
    lsmod: undefined,
    unexplained: undefined,
    holders: [],
  });
});
