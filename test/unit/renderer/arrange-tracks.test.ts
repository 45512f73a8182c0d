import { describe, expect, test } from 'vitest';
import { arrangeTracks } from '../../../renderer/timeline/arrange-tracks.ts';
import { findBurst } from '../../../renderer/timeline/find-burst.ts';
import type { ModuleSummary } from '../../../shared/view-model/recording-view.ts';

const asTheyAre = { order: [], pinned: [], hidden: [], onlyHeld: false, grouped: false };

function module(name: string, openHolds = 1): ModuleSummary {
  return { module: name, events: 1, openHolds, unexplained: 0, maxReferences: 1, firstTime: 0, lastTime: 0 };
}

const modules = [module('a'), module('b', 0), module('drm'), module('kms'), module('vkms')];
const links = [
  { user: 'vkms', used: 'drm' },
  { user: 'vkms', used: 'kms' },
  { user: 'kms', used: 'drm' },
];
const names = (change: Partial<typeof asTheyAre> | object) =>
  arrangeTracks({ modules, links }, { ...asTheyAre, ...change }).tracks.map(
    ({ module, depth }) => '  '.repeat(depth) + module.module,
  );

describe('tracks', () => {
  test('stand as `orderTracks` has them until somebody moves one', () => {
    expect(names({})).toEqual(['a', 'drm', 'kms', 'vkms', 'b']);
    expect(names({ order: ['vkms', 'a'] })).toEqual(['vkms', 'a', 'drm', 'kms', 'b']);
  });
  test('pinned ones are on top, hidden ones are named', () => {
    expect(names({ pinned: ['b', 'vkms'] })).toEqual(['vkms', 'b', 'a', 'drm', 'kms']);
    const { tracks, hidden } = arrangeTracks({ modules, links }, { ...asTheyAre, hidden: ['drm', 'gone'] });
    expect(tracks).toHaveLength(4);
    expect(hidden).toEqual(['drm']);
  });
  test('those that nothing holds at the end are left out on request, and counted, but for pinned ones', () => {
    expect(names({ onlyHeld: true })).toEqual(['a', 'drm', 'kms', 'vkms']);
    expect(arrangeTracks({ modules, links }, { ...asTheyAre, onlyHeld: true }).notHeld).toBe(1);
    expect(names({ onlyHeld: true, pinned: ['b'] })).toEqual(['b', 'a', 'drm', 'kms', 'vkms']);
  });
  test('grouped, a module stands once, beneath the deepest of those it uses', () => {
    expect(names({ grouped: true })).toEqual(['a', 'drm', '  kms', '    vkms', 'b']);
  });
  test('modules that use each other in a circle, which no kernel allows, all stand somewhere', () => {
    const circle = [...links, { user: 'drm', used: 'vkms' }];
    const { tracks } = arrangeTracks({ modules, links: circle }, { ...asTheyAre, grouped: true });
    expect(tracks.map((track) => track.module.module).sort()).toEqual(['a', 'b', 'drm', 'kms', 'vkms']);
  });
});

describe('a burst of events', () => {
  const columns = [0, 0, 5, 3, 0, 1, ...Array<number>(24).fill(0), 7].map((events, i) => ({
    time: i * 10,
    events,
    open: 0,
    lost: 0,
  }));
  test('is found near to where somebody points, with its short lulls', () => {
    expect(findBurst(columns, 25)).toEqual({ first: 2, last: 5 });
    expect(findBurst(columns, 5)).toEqual({ first: 2, last: 5 });
    expect(findBurst(columns, 295)).toEqual({ first: 30, last: 30 });
  });
  test('is none where nothing is near', () => {
    expect(findBurst(columns, 178)).toBeUndefined();
  });
});
