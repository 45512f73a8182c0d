import { describe, expect, test } from 'vitest';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { parseTime } from '../../../shared/event-table/clock.ts';
import { createStatistics } from '../../../shared/statistics/create-statistics.ts';
import { DURATION_EDGES, durationBin } from '../../../shared/statistics/duration-edges.ts';
import type { ChangeTally } from '../../../shared/statistics/statistics.ts';
import { readFixture, recordingOf } from '../../support/read-fixture.ts';

const { table } = recordingOf(readFixture('recordings/seeds/vkms-held-by-logind.report.txt'));
const statistics = createStatistics(analyse(table));
const timeOf = (text: string) => parseTime(table.clock, text)!;
const write = (tallies: readonly ChangeTally[]) =>
  tallies.map(({ label, gets, puts, net }) => `${label}: ${gets} gets, ${puts} puts, ${net < 0 ? net : `+${net}`}`);

describe('from the load of vkms to the end', () => {
  const change = statistics.between({ a: timeOf('102.161679'), b: timeOf('102.168298'), modules: [], top: 10 });

  test('each module is told with what it gained', () => {
    expect(write(change.modules)).toEqual(['drm: 3 gets, 1 puts, +2', 'vkms: 1 gets, 1 puts, +0']);
    expect(change).toMatchObject({ gets: 4, puts: 2, net: 2 });
  });

  test('so is each holder: the file of logind, the loader that let go, and the filesystem of vkms', () => {
    expect(write(change.holders)).toEqual([
      'systemd-logind-545: 3 gets, 1 puts, +2',
      'modprobe-1687 (loading): 0 gets, 1 puts, -1',
      'vkms: 1 gets, 0 puts, +1',
    ]);
  });
});

test('one module alone', () => {
  const change = statistics.between({ a: timeOf('102.161679'), b: timeOf('102.168298'), modules: ['drm'], top: 10 });
  expect(write(change.modules)).toEqual(['drm: 3 gets, 1 puts, +2']);
});

test('the events of the first instant have happened before, those of the last are counted', () => {
  const change = statistics.between({ a: timeOf('102.168295'), b: timeOf('102.168297'), modules: [], top: 10 });
  expect(write(change.modules)).toEqual(['drm: 1 gets, 0 puts, +1', 'vkms: 1 gets, 0 puts, +1']);
});

describe('the whole recording', () => {
  const all = statistics.inRange({ from: 0, to: table.time[table.length - 1]!, modules: [], bins: 10, top: 3 });

  test('counts gets, puts and holds', () => {
    expect(all).toMatchObject({
      gets: 11,
      puts: 8,
      holds: { lasting: 17, transient: 1, neverEnded: 10, fromBefore: 0 },
    });
  });

  test('lists who held most often, and sums up the rest', () => {
    expect(all.holders.map(({ label, lasting }) => `${label} ${lasting}`)).toEqual([
      'modprobe-1687 (loading) 7',
      'drm_kms_helper 5',
      'vkms 3',
    ]);
    expect(all.otherHolders).toEqual({ holders: 1, lasting: 2, transient: 1 });
  });

  test('lists the call sites that were used most', () => {
    expect(all.callSites).toEqual([
      { callSite: 'do_init_module', gets: 0, puts: 7 },
      { callSite: 'ref_module', gets: 7, puts: 0 },
      { callSite: 'drm_stub_open', gets: 1, puts: 1 },
    ]);
    expect(all.otherCallSites).toEqual({ callSites: 3, gets: 3, puts: 0 });
  });

  test('durations lie in bins of 1, 2, 5, 10 …', () => {
    const named = all.durations.filter(({ lasting, transient }) => lasting + transient > 0);
    // The stub's file operations: 102.168296 to 102.168298; the shortest load 10 µs, the longest 1.341 ms.
    expect(named[0]).toEqual({ from: 2_000, to: 5_000, lasting: 0, transient: 1 });
    expect(named.at(-1)).toEqual({ from: 1_000_000, to: 2_000_000, lasting: 3, transient: 0 });
  });
});

test('a duration lies in the bin of the last edge that is not above it', () => {
  for (const [bin, edge] of DURATION_EDGES.entries()) {
    expect(durationBin(edge)).toBe(bin);
    if (bin > 0) expect(durationBin(edge * 0.999)).toBe(bin - 1);
  }
});
