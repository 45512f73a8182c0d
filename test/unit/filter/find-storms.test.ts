import { expect, test } from 'vitest';
import { analyse } from '../../../shared/analysis/analyse.ts';
import type { Analysis } from '../../../shared/analysis/analysis.ts';
import { filterRows } from '../../../shared/filter/filter-rows.ts';
import { findStorms } from '../../../shared/filter/find-storms.ts';
import { parseFilter } from '../../../shared/filter/parse-filter.ts';
import { readFixture, readText, recordingOf } from '../../support/read-fixture.ts';

function analysed(path: string): Analysis {
  return analyse(recordingOf(readFixture(`recordings/${path}`)).table);
}

/** What of the recording is left when a filter hides its storms. */
function leftBy(analysis: Analysis, filter: string): number {
  return filterRows(parseFilter(filter, analysis.table.clock), analysis.table, analysis).length;
}

/** Someone opens vkms while programs are started; `moreOfBinfmt` are events of binfmt_misc besides those pairs. */
function execsBesideLogind(execs: number, moreOfBinfmt: readonly string[]): Analysis {
  let time = 100_000_000;
  const at = (event: string) => `  sh-7  [000] ..... ${(time++ / 1e6).toFixed(6)}: ${event}`;
  const lines = ['module_get: vkms call_site=drm_stub_open refcnt=2', ...moreOfBinfmt].map(at);
  for (let i = 0; i < execs; i++)
    for (const [event, refcount] of [
      ['get', 2],
      ['put', 1],
    ])
      lines.push(at(`module_${event}: binfmt_misc call_site=bprm_execve refcnt=${refcount}`));
  return analyse(recordingOf(readText(`${lines.join('\n')}\n`)).table);
}

test('binfmt_misc at every exec is a storm, and one word hides it', () => {
  const analysis = analysed('storm/live/trace_pipe.txt.gz');
  const [storm, ...others] = findStorms(analysis);
  expect(others).toEqual([]);
  expect(storm).toMatchObject({ module: 'binfmt_misc', callSite: 'bprm_execve', filter: '-module:binfmt_misc' });
  expect(storm!.share).toBeGreaterThan(0.99);
  expect(leftBy(analysis, storm!.filter)).toBe(analysis.table.length - storm!.events);
});

test('a storm is hidden by its module while all that the module does is the storm', () => {
  const analysis = execsBesideLogind(500, []);
  const storms = findStorms(analysis);
  expect(storms.map(({ filter, events }) => [filter, events])).toEqual([['-module:binfmt_misc', 1000]]);
  expect(leftBy(analysis, storms[0]!.filter)).toBe(1);
});

test('a storm is hidden by its call site where its module is held elsewhere too', () => {
  const analysis = execsBesideLogind(500, ['module_get: binfmt_misc call_site=get_fs_type refcnt=2']);
  const [storm] = findStorms(analysis);
  expect(storm!.filter).toBe('-site:bprm_execve');
  expect(leftBy(analysis, storm!.filter)).toBe(2);
});

test('where its call site holds something too, what is hidden are pairs within one call', () => {
  const analysis = execsBesideLogind(500, [
    'module_get: loop call_site=bprm_execve refcnt=2',
    'module_get: binfmt_misc call_site=get_fs_type refcnt=2',
  ]);
  const [storm] = findStorms(analysis);
  expect(storm!.filter).toBe('-is:transient');
  expect(leftBy(analysis, storm!.filter)).toBe(3);
});

test('a few pairs, or a quiet recording, are no storm', () => {
  expect(findStorms(execsBesideLogind(200, []))).toEqual([]);
  for (const path of [
    'seeds/vkms-held-by-logind.report.txt',
    'kinds/live/trace_pipe.txt',
    'loop-mount/live/trace_pipe.txt',
  ])
    expect(findStorms(analysed(path))).toEqual([]);
});
