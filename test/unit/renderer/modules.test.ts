import { describe, expect, test } from 'vitest';
import type { SortOrder } from '../../../renderer/modules/sort-heads.tsx';
import { type SortKey, sortStandings } from '../../../renderer/modules/sort-standings.ts';
import { chooseFirstModule } from '../../../renderer/open/choose-first-module.ts';
import type { ModuleStanding } from '../../../shared/analysis/accounting.ts';
import { orderTracks } from '../../../shared/view-model/order-tracks.ts';
import type { ModuleSummary } from '../../../shared/view-model/recording-view.ts';

const standing = (module: string, lsmod: number | undefined, usedBy: string[] = [], events = 1): ModuleStanding => ({
  module,
  state: lsmod === undefined ? 'absent' : 'live',
  refcount: lsmod === undefined ? undefined : lsmod + 1,
  lsmod,
  unexplained: lsmod === undefined ? undefined : 0,
  usedBy,
  taints: '',
  events,
});
const summary = (module: string, openHolds: number, lastTime: number): ModuleSummary => ({
  module,
  events: 1,
  openHolds,
  unexplained: 0,
  maxReferences: openHolds,
  firstTime: 0,
  lastTime,
});
const names = (modules: readonly { readonly module: string }[]) => modules.map(({ module }) => module);

const standings = [
  standing('drm', 4, ['vkms'], 8),
  standing('sysimgblt', 1, ['drm_kms_helper'], 3),
  standing('vkms', 1, [], 3),
  standing('tun', undefined, [], 5),
];

describe('the list of modules', () => {
  test.each<[order: SortOrder<SortKey>, expected: string[]]>([
    [{ key: 'name', descending: false }, ['drm', 'sysimgblt', 'tun', 'vkms']],
    [{ key: 'references', descending: true }, ['drm', 'sysimgblt', 'vkms', 'tun']],
    [{ key: 'events', descending: true }, ['drm', 'tun', 'sysimgblt', 'vkms']],
    [{ key: 'events', descending: false }, ['sysimgblt', 'vkms', 'tun', 'drm']],
  ])('is sorted by %j, those of equal rank by name', (order, expected) => {
    expect(names(sortStandings(standings, '', order))).toEqual(expected);
  });

  test('is searched for every word, whatever its case', () => {
    expect(names(sortStandings(standings, 'SYS blt', { key: 'name', descending: false }))).toEqual(['sysimgblt']);
  });
});

describe('the module shown first', () => {
  const modules = [summary('drm', 4, 30), summary('sysimgblt', 1, 10), summary('vkms', 1, 20), summary('tun', 0, 40)];

  test('is held by somebody and used by no module: there lsmod’s trail ends', () => {
    expect(chooseFirstModule(standings, modules)).toBe('vkms');
  });

  test('is the highest track that is held where modules use them all', () => {
    expect(chooseFirstModule(standings.slice(0, 2), modules)).toBe('drm');
  });

  test('is the highest track where nothing is held, and none where there is none', () => {
    expect(chooseFirstModule([standing('tun', undefined)], modules)).toBe('drm');
    expect(chooseFirstModule([], [])).toBeUndefined();
  });

  test('tracks that are held come first, each group by its latest event', () => {
    expect(names(orderTracks(modules))).toEqual(['drm', 'vkms', 'sysimgblt', 'tun']);
  });
});
