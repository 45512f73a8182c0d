import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventKind } from '../../../shared/event-table/event-table.ts';
import { filterEvents } from '../../../shared/view-model/filter-events.ts';
import { makeTable } from '../../support/make-table.ts';

const table = makeTable(`
  0   modprobe-7      load drm
  10  modprobe-7      put  drm do_init_module 1
  20  systemd-logind-545 get vkms drm_stub_open 2
  30  Xorg-9          get  drm drm_stub_open 3
  40  Xorg-9          request char-major-226
  50  rmmod-12        free vkms
`);
const rows = (text: string, modules: string[] = []) => filterEvents(table, { text, modules });

describe('the filter of the event list', () => {
  test('finds words in task, pid, module, event, call site and alias, whatever their case', () => {
    expect([...rows('LOGIND')!]).toEqual([2]);
    expect([...rows('545')!]).toEqual([2]);
    expect([...rows('xorg-9')!]).toEqual([3, 4]);
    expect([...rows('free')!]).toEqual([5]);
    expect([...rows('drm_stub')!]).toEqual([2, 3]);
    expect([...rows('major-226')!]).toEqual([4]);
  });

  test('wants every word', () => {
    expect([...rows('drm_stub  xorg')!]).toEqual([3]);
    expect([...rows('drm_stub rmmod')!]).toEqual([]);
  });

  test('keeps to the modules that are asked for', () => {
    expect([...rows('', ['vkms'])!]).toEqual([2, 5]);
    expect([...rows('get', ['vkms', 'no such module'])!]).toEqual([2]);
  });

  test('that is empty is no filter', () => {
    expect(rows(' ')).toBeUndefined();
  });

  test('passes the same rows as reading every event aloud does', () => {
    const aloud = Array.from({ length: table.length }, (_, row) => {
      const task = table.tasks[table.task[row]!]!;
      const request = table.kind[row] === EventKind.request;
      return [
        `${task.comm}-${task.pid}`,
        Object.keys(EventKind)[table.kind[row]!]!,
        table.modules[table.module[row]!] ?? '',
        table.callSites[table.callSite[row]!]?.symbol ?? '',
        request ? (table.details[table.detail[row]!] ?? '') : '',
      ];
    });
    const word = fc
      .tuple(fc.constantFrom(...aloud.flat().filter((text) => text !== '')), fc.nat(20), fc.integer({ min: 1, max: 6 }))
      .map(([text, at, length]) => text.slice(at % text.length).slice(0, length));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 3 }), (words) => {
        const wanted = aloud.flatMap((fields, row) =>
          words.every((each) => fields.some((field) => field.toLowerCase().includes(each.toLowerCase()))) ? [row] : [],
        );
        expect([...rows(words.join(' '))!]).toEqual(wanted);
      }),
    );
  });
});
