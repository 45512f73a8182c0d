import { describe, expect, test } from 'vitest';
import type { Clock } from '../../../shared/event-table/clock.ts';
import { parseFilter } from '../../../shared/filter/parse-filter.ts';
import { rankNames } from '../../../shared/filter/rank-names.ts';
import { suggestCompletions } from '../../../shared/filter/suggest-completions.ts';
import { readFixture, recordingOf } from '../../support/read-fixture.ts';

const { table } = recordingOf(readFixture('recordings/seeds/vkms-held-by-logind.report.txt'));
const vocabulary = rankNames(table);

/** What the line reads after each of the completions at the mark `^` was taken. */
function completed(marked: string): string[] {
  const caret = marked.indexOf('^');
  const text = marked.replace('^', '');
  return suggestCompletions(text, caret, vocabulary).map(
    ({ from, to, insert }) => text.slice(0, from) + insert + text.slice(to),
  );
}

describe('at the caret of a filter there are offered', () => {
  test('the keys, before anything is written', () => {
    expect(completed('^')).toEqual([
      'module:',
      'task:',
      'pid:',
      'site:',
      'event:',
      'time:',
      'cpu:',
      'is:',
      'refcount:',
    ]);
    expect(completed('module:drm ^')).toHaveLength(9);
  });

  test('the keys that begin so, and then names under their key, by how many events bear them', () => {
    expect(completed('mod^')).toEqual(['module:', 'task:modprobe', 'site:do_init_module', 'site:ref_module']);
    expect(completed('-vk^')).toEqual(['-module:vkms']);
  });

  test('the values of a key: those that begin so first, the most frequent first', () => {
    expect(completed('module:^').slice(0, 3)).toEqual(['module:drm', 'module:drm_kms_helper', 'module:fb_sys_fops']);
    expect(completed('module:sys^')).toEqual([
      'module:syscopyarea',
      'module:sysfillrect',
      'module:sysimgblt',
      'module:fb_sys_fops',
    ]);
    expect(completed('event:^')).toEqual(['event:get', 'event:put', 'event:load']);
    expect(completed('is:un^')).toEqual(['is:unexplained', 'is:unpaired']);
    expect(completed('time:^')).toEqual([]);
  });

  test('values for the part between | where the caret stands, in place of what stands there', () => {
    expect(completed('module:vkms|drm^_kms -event:load')).toEqual([
      'module:vkms|drm -event:load',
      'module:vkms|drm_kms_helper -event:load',
    ]);
  });

  test('other keys, where the caret stands in one', () => {
    expect(completed('ta^sk:modprobe')).toEqual(['task:modprobe']);
  });

  test('names with blanks and signs as the filter wants them written', () => {
    const named = recordingOf(readFixture('recordings/comm-names/live/trace_pipe.txt')).table;
    const names = rankNames(named);
    const clock: Clock = named.clock;
    for (const { insert } of suggestCompletions('task:', 5, names))
      expect(parseFilter(`task:${insert}`, clock).problems).toEqual([]);
    const [blank] = suggestCompletions('task:my', 7, { ...names, task: [{ name: 'my "own" task', events: 1 }] });
    expect(blank).toMatchObject({ insert: '"my \\"own\\" task"', label: 'my "own" task', events: 1 });
  });
});
