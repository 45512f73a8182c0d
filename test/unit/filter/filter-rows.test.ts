import { describe, expect, test } from 'vitest';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { filterRows } from '../../../shared/filter/filter-rows.ts';
import { findHits } from '../../../shared/filter/find-hits.ts';
import { parseFilter } from '../../../shared/filter/parse-filter.ts';
import { readFixture, recordingOf } from '../../support/read-fixture.ts';

const analysis = analyse(recordingOf(readFixture('recordings/seeds/vkms-held-by-logind.report.txt')).table);
const { table } = analysis;

function linesOf(text: string): number[] {
  const filter = parseFilter(text, table.clock);
  expect(filter.problems).toEqual([]);
  return Array.from(filterRows(filter, table, analysis), (row) => table.line[row]!);
}
const all = linesOf('');

describe('in the recording of vkms held by logind, the filter', () => {
  test('without a word shows every event', () => {
    expect(all).toHaveLength(26);
  });

  test('finds bare words in event, module, task, pid and call site, whatever their case', () => {
    expect(linesOf('LOGIND')).toEqual([24, 25, 26, 27]);
    expect(linesOf('545')).toEqual([24, 25, 26, 27]);
    expect(linesOf('logind-545')).toEqual([24, 25, 26, 27]);
    expect(linesOf('drm_stub')).toEqual([26, 27]);
  });

  test('wants every word, and any of those between |', () => {
    expect(linesOf('logind stub vkms')).toEqual([26]);
    expect(linesOf('drm_stub|chrdev_open')).toEqual([25, 26, 27]);
  });

  test('takes the name behind a key as a whole, with wildcards where they are written', () => {
    expect(linesOf('module:vkms')).toEqual(linesOf('module:VKMS'));
    expect(linesOf('module:drm')).not.toEqual(linesOf('module:drm*'));
    expect(linesOf('task:systemd')).toEqual([]);
    expect(linesOf('task:systemd*')).toEqual([24, 25, 26, 27]);
    expect(linesOf('task:systemd-logind-545')).toEqual([24, 25, 26, 27]);
    expect(linesOf('site:drm?stub*')).toEqual([26, 27]);
  });

  test('takes - and _ in a module for the same, as the kernel does', () => {
    expect(linesOf('module:drm-kms-helper')).toEqual(linesOf('module:drm_kms_helper'));
    expect(linesOf('module:drm-kms-helper')).not.toEqual([]);
  });

  test('takes away what a word behind a minus finds', () => {
    expect(linesOf('-logind')).toEqual(all.filter((line) => line < 24));
    expect(linesOf('module:vkms -event:load')).toEqual(linesOf('module:vkms event:get|put'));
  });

  test('knows times as they are printed, single ones and ranges', () => {
    expect(linesOf('time:102.168297..')).toEqual([26, 27]);
    expect(linesOf('time:102.168298')).toEqual([27]);
    expect(linesOf('time:102.1300..102.1457')).toEqual([12, 13, 14, 15]);
    expect(linesOf('time:102.0014|102.0137')).toEqual([2, 4]);
    expect(linesOf('time:102')).toEqual(all);
    expect(linesOf('-time:..102.168296')).toEqual([26, 27]);
    expect(linesOf('time:..102.1 time:102.2..')).toEqual([]);
  });

  test('knows numbers and ranges of them', () => {
    expect(linesOf('pid:545')).toEqual([24, 25, 26, 27]);
    expect(linesOf('pid:500..600|1')).toEqual([24, 25, 26, 27]);
    expect(linesOf('refcount:5..')).toEqual([24, 25, 27]);
    expect(linesOf('refcount:4|6')).toEqual([22, 25]);
    expect(linesOf('-cpu:0..')).toEqual([]);
  });

  test('knows what became of the reference', () => {
    expect(linesOf('module:vkms is:open')).toEqual([26]);
    expect(linesOf('module:drm is:transient')).toEqual([25, 27]);
    expect(linesOf('module:drm is:open')).toEqual([12, 19, 22, 24]);
    expect(linesOf('is:unexplained|unpaired')).toEqual([]);
  });

  test('finds events without a name by the empty one', () => {
    expect(linesOf('site:""')).toEqual(linesOf('event:load|free|request'));
  });
});

describe('a search', () => {
  test('goes from hit to hit, and round', () => {
    const hits = findHits(parseFilter('logind', table.clock), table, analysis);
    expect([...hits.rows]).toEqual([22, 23, 24, 25]);
    expect(hits.next(-1)).toBe(22);
    expect(hits.next(22)).toBe(23);
    expect(hits.next(25)).toBe(22);
    expect(hits.previous(25)).toBe(24);
    expect(hits.previous(3)).toBe(25);
    expect(hits.placeOf(25)).toBe(3);
    expect(hits.placeOf(3)).toBe(-1);
  });

  test('without a hit goes nowhere', () => {
    const hits = findHits(parseFilter('no such thing', table.clock), table, analysis);
    expect([hits.next(0), hits.previous(0), hits.placeOf(0)]).toEqual([-1, -1, -1]);
  });
});
