import { describe, expect, it } from 'vitest';
import { listEvents } from '../../support/list-events.ts';
import { readFixture, readText, recordingOf } from '../../support/read-fixture.ts';

function read(...lines: string[]) {
  return recordingOf(readText(`${lines.join('\n')}\n`));
}

const getLine = '        modprobe-629     [000] ...1.   131.133792: module_get: drm call_site=resolve_symbol refcnt=2';

describe('stack traces', () => {
  it('belong to the event before them on their CPU', () => {
    const { table, lines } = read(
      getLine,
      '             cat-700     [001] ...1.   131.133800: module_get: tun call_site=misc_open refcnt=2',
      '        modprobe-629     [000] ...1.   131.133924: <stack trace>',
      ' => try_module_get',
      ' => resolve_symbol',
      '             cat-700     [001] ...1.   131.133925: <stack trace>',
      ' => misc_open',
    );
    expect(table.stacks).toEqual([['try_module_get', 'resolve_symbol'], ['misc_open']]);
    expect([...table.stack]).toEqual([0, 1]);
    expect(lines).toMatchObject({ events: 2, stack: 5 });
  });

  it('of the kernel and of the user are kept one behind the other', () => {
    const { table } = read(
      getLine,
      '        modprobe-629     [000] ...1.   131.133924: <stack trace>',
      ' => resolve_symbol',
      '        modprobe-629     [000] ...1.   131.133925: <user stack trace>',
      ' =>  <00007f5de8c9e829>',
    );
    expect(table.stacks[table.stack[0]!]).toEqual(['resolve_symbol', '<00007f5de8c9e829>']);
  });

  it('of trace-cmd report keep their addresses, and each is kept once', () => {
    const frames = ['=> try_module_get (ffffffff81148175)', '=> resolve_symbol (ffffffff81148d27)'];
    const { table } = read(
      '        modprobe-245   [001]    35.221650: module_load:          drm_kms_helper ',
      '        modprobe-245   [001]    35.221713: kernel_stack:         <stack trace >',
      ...frames,
      '        modprobe-245   [001]    35.221816: module_put:           drm_kms_helper call_site=do_init_module refcnt=1',
      '        modprobe-245   [001]    35.221827: kernel_stack:         <stack trace >',
      ...frames,
    );
    expect(table.stacks).toEqual([['try_module_get (ffffffff81148175)', 'resolve_symbol (ffffffff81148d27)']]);
    expect([...table.stack]).toEqual([0, 0]);
  });

  it('of other events and of other tasks are counted and belong to nobody', () => {
    const { table, lines } = read(
      getLine,
      '        modprobe-629     [000] d..2.   131.133800: sched_switch: prev_comm=modprobe prev_pid=629',
      '        modprobe-629     [000] d..2.   131.133801: <stack trace>',
      ' => __schedule',
      '             cat-700     [000] ...1.   131.133802: module_get: tun call_site=misc_open refcnt=2',
      '              sh-701     [000] d..2.   131.133803: <stack trace>',
      ' => schedule',
    );
    expect([...table.stack]).toEqual([-1, -1]);
    expect(lines).toMatchObject({ events: 2, other: 1, stack: 4, rejected: 0 });
  });

  it('are there for every event of a recording that was made with them', () => {
    const { table } = recordingOf(readFixture('recordings/vkms/live/trace_pipe.stack.txt'));
    for (let row = 0; row < table.length; row++) {
      const frames = table.stacks[table.stack[row]!]!;
      expect(frames.length).toBeGreaterThan(3);
      const symbol = table.callSites[table.callSite[row]!]?.symbol;
      // The tracer's own frames come first; the call site is among the next.
      if (symbol !== undefined) expect(frames).toContain(symbol);
    }
  });
});

describe('lost events', () => {
  it('are marked where they are missing', () => {
    const { table, lines } = read(
      getLine,
      'CPU:1 [LOST 102 EVENTS]',
      '             cat-700     [001] ...1.   131.133800: module_get: tun call_site=misc_open refcnt=2',
      'CPU:0 [EVENTS DROPPED]',
      'CPU:0 [5 EVENTS DROPPED]',
      'CPU:2 [LOST EVENTS]',
    );
    expect(table.lost).toEqual([
      { beforeRow: 1, cpu: 1, count: 102, line: 2 },
      { beforeRow: 2, cpu: 0, count: -1, line: 4 },
      { beforeRow: 2, cpu: 0, count: 5, line: 5 },
      { beforeRow: 2, cpu: 2, count: -1, line: 6 },
    ]);
    expect(lines).toMatchObject({ events: 2, headers: 4 });
  });

  it('are told by the header of an overrun buffer, and by the CPU that starts late in it', () => {
    const { table } = recordingOf(readFixture('recordings/storm/late/trace.overrun.txt'));
    expect(table.lost[0]).toEqual({ beforeRow: 0, cpu: -1, count: 150018 - 386, line: 3 });
    expect(table.lost[1]).toMatchObject({ cpu: 0, count: -1 });
    expect(table.lost).toHaveLength(2);
    expect(recordingOf(readFixture('recordings/vkms/late/trace.txt')).table.lost).toEqual([]);
  });

  it('are found eleven times where the reader was slow', () => {
    const { table } = recordingOf(readFixture('recordings/storm/live/trace_pipe.slow-reader.txt.gz'));
    expect(table.lost).toHaveLength(11);
    expect(table.lost.every(({ count, cpu }) => count > 0 && cpu >= 0)).toBe(true);
    expect(table.length + table.lost.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(150_018);
  });
});

describe('order', () => {
  it('is that of time, also where the text has one CPU after the other', () => {
    const { table } = read(
      '             cat-700     [001] ...1.   131.133800: module_get: tun call_site=misc_open refcnt=2',
      'CPU:1 [LOST 9 EVENTS]',
      '             cat-700     [001] ...1.   131.133900: module_put: tun call_site=__fput refcnt=2',
      '              sh-701     [000] ...1.   131.133700: module_get: tun call_site=misc_open refcnt=3',
      '              sh-701     [000] ...1.   131.133800: module_put: tun call_site=__fput refcnt=2',
    );
    expect(listEvents(table).map((line) => line.slice(0, 24))).toEqual([
      '131.133700 cpu 0 sh-701 ',
      '131.133800 cpu 1 cat-700',
      '131.133800 cpu 0 sh-701 ',
      '131.133900 cpu 1 cat-700',
    ]);
    expect([...table.line]).toEqual([4, 1, 5, 3]);
    expect(table.lost).toEqual([{ beforeRow: 3, cpu: 1, count: 9, line: 2 }]);
    expect(table.time[0]).toBe(0);
  });

  it('is refused where one CPU goes back in time: two recordings in one file', () => {
    const outcome = readText(`${getLine}\n${getLine.replace('131.', '5.')}\n`);
    expect(outcome).toEqual({
      ok: false,
      problem: expect.objectContaining({ what: 'At line 2 time steps back.' }),
    });
  });
});

describe('tasks without a name', () => {
  const line = (comm: string, pid: number, stamp: string) =>
    `${comm.padStart(16)}-${String(pid).padEnd(7)} [000] ...1. ${stamp}: module_get: a call_site=f refcnt=2`;
  const comms = (...lines: string[]) => listEvents(read(...lines).table).map((text) => /cpu 0 (\S+)/.exec(text)![1]);

  it('are named by the same pid near by, before or after, and marked as inferred', () => {
    const { table } = read(
      line('<...>', 5, '   1.000000'),
      line('cat', 5, '   2.000000'),
      line('<...>', 5, '  11.000000'),
    );
    expect(listEvents(table)).toEqual([
      '1.000000 cpu 0 cat-5 get a via f → 2 (task inferred)',
      '2.000000 cpu 0 cat-5 get a via f → 2',
      '11.000000 cpu 0 cat-5 get a via f → 2 (task inferred)',
    ]);
  });

  it('are not named from farther than ten seconds, nor from another pid', () => {
    expect(
      comms(line('cat', 5, '   2.000000'), line('<...>', 5, '  12.100000'), line('<...>', 6, '  12.200000')),
    ).toEqual(['cat-5', '<...>-5', '<...>-6']);
  });

  it('are not named between two names', () => {
    expect(comms(line('sh', 5, '   2.000000'), line('<...>', 5, '   2.100000'), line('cat', 5, '   2.200000'))).toEqual(
      ['sh-5', '<...>-5', 'cat-5'],
    );
  });

  it('are named without a bound where the clock counts no seconds, if the pid has one name only', () => {
    expect(comms(line('<...>', 5, '        1104'), line('cat', 5, '999999991104'))).toEqual(['cat-5', 'cat-5']);
    expect(
      comms(line('<...>', 5, '        1104'), line('cat', 5, '        1105'), line('sh', 5, '        1106')),
    ).toEqual(['<...>-5', 'cat-5', 'sh-5']);
  });
});
