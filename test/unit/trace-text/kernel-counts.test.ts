import { describe, expect, it } from 'vitest';
import { LONGEST_MODULE_NAME } from '../../../shared/trace-text/read-payload.ts';
import { createTraceReader } from '../../../shared/trace-text/trace-reader.ts';
import { readText, recordingOf } from '../../support/read-fixture.ts';

const head = '# modshark recording 1';
const event = (number: number, cpu = 0) =>
  `             cat-${1000 + number}    [00${cpu}] .....   102.${String(number).padStart(6, '0')}: module_get: tun call_site=misc_open refcnt=${number + 2}`;
const count = (read: number, lost = 0, erased = 0) =>
  `# counted by the kernel: read ${read}, lost ${lost}, buffer erased ${erased} times`;

function read(...lines: string[]) {
  const { table, completeness, notices, lines: classes } = recordingOf(readText(`${lines.join('\n')}\n`));
  return { counted: table.countedRows, completeness, notices, classes };
}

describe('what the kernel counted, in a recording of ModShark’s', () => {
  it('proves that nothing was lost where just so many events are here', () => {
    const { counted, completeness, notices, classes } = read(head, event(1), event(2, 1), event(3), count(3));
    expect(counted).toBe(3);
    expect(completeness).toBe('Nothing was lost: the kernel counted 3 events, and all are here.');
    expect(notices).toEqual([]);
    expect(classes).toMatchObject({ total: 5, events: 3, headers: 2, rejected: 0 });
  });

  it('proves nothing where one more or one less is here, and says so', () => {
    expect(read(head, event(1), event(2), count(3))).toMatchObject({
      counted: 0,
      completeness: undefined,
      notices: ['The kernel counted 3 events, of which 2 are here: lines are missing, or could not be read.'],
    });
    expect(read(head, event(1), event(2), count(1))).toMatchObject({
      counted: 0,
      completeness: undefined,
      notices: ['The kernel counted 1 event, and 2 are here: the file was changed, or put together of several.'],
    });
  });

  it('counts stack traces and other events as the kernel does, whatever their lines', () => {
    const context = '             cat-1001    [000] .....   102.000001: ';
    const stack = [`${context}<stack trace>`, ' => misc_open', ' => chrdev_open'];
    const mark = `${context}tracing_mark_write: two`;
    expect(read(head, event(1), ...stack, mark, 'lines', event(2), count(4)).counted).toBe(2);
    expect(read(head, event(1), ...stack, mark, 'lines', event(2), count(2)).counted).toBe(0);
    // The fast way through other events counts them, too.
    expect(read(head, event(1), `${context}sys_enter: NR 1`, event(2), count(3)).counted).toBe(2);
  });

  it('proves what is before it: of what came behind it nobody can tell', () => {
    const { counted, completeness } = read(head, event(1), event(2), count(2), event(3));
    expect(counted).toBe(2);
    expect(completeness).toBe('Up to event 2 of 3 nothing is missing: the kernel counted 2 events, and all are here.');
    const cut = read(head, event(1), event(2), count(2), event(3), count(4));
    expect(cut).toMatchObject({
      counted: 2,
      completeness: 'Up to event 2 of 3 nothing is missing: what the kernel counted until then is all here.',
      notices: ['The kernel counted 4 events, of which 3 are here: lines are missing, or could not be read.'],
    });
  });

  it('ends before an event that came late, behind the count: what else is of that time nobody can tell', () => {
    expect(read(head, event(1), event(3), count(2), event(2, 1), event(4))).toMatchObject({
      counted: 1,
      completeness: 'Up to event 1 of 4 nothing is missing: the kernel counted 2 events, and all are here.',
    });
    expect(read(head, event(1), event(3), count(2), event(2, 1), count(3)).counted).toBe(3);
    const reader = createTraceReader();
    const text = (...lines: string[]) => new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
    reader.push(text(head, event(1), event(3), count(2)));
    expect(reader.soFar().table.countedRows).toBe(2);
    reader.push(text(event(2, 1)));
    expect(reader.soFar().table.countedRows).toBe(1);
    reader.push(text(count(3)));
    expect(reader.soFar().table.countedRows).toBe(3);
  });

  it('says nothing of a count that was taken before the first event', () => {
    expect(read(head, count(0), event(1))).toMatchObject({ counted: 0, completeness: undefined, notices: [] });
  });

  it('goes with losses only where each of them is marked with its number', () => {
    const marked = read(head, event(1), 'CPU:1 [LOST 5 EVENTS]', event(2, 1), count(2, 5));
    expect(marked).toMatchObject({ counted: 2, notices: [] });
    expect(marked.completeness).toBe(
      'Nothing else was lost: the kernel counted 2 events, and all are here. Those that it lost, 5 by its count, are marked.',
    );
    expect(read(head, event(1), event(2, 1), count(2, 5)).counted).toBe(0);
    expect(read(head, event(1), 'CPU:1 [LOST EVENTS]', event(2, 1), count(2, 5))).toMatchObject({
      counted: 0,
      notices: ['The kernel lost 5 events, and not all marks in the file have a number: some may be missing unmarked.'],
    });
  });

  it('is worth nothing once the buffer was erased, or recording was switched off for a while', () => {
    expect(read(head, event(1), count(1, 0, 1))).toMatchObject({ counted: 0, completeness: undefined });
    expect(read(head, event(1), count(1, 0, 1)).notices[0]).toContain('erased meanwhile');
    expect(read(head, event(1), `${count(1)}, switched off meanwhile`)).toMatchObject({ counted: 0, notices: [] });
  });

  it('misses a line that could not be read', () => {
    const broken = event(2).replace(/refcnt=\d+/, 'refcnt=?');
    const { counted, classes } = read(head, event(1), broken, event(3), count(3));
    expect([counted, classes.rejected]).toEqual([0, 1]);
  });

  it('is not believed of another text, and no name that a stranger has the kernel ask for has room for such a line', () => {
    expect(read(event(1), count(1))).toMatchObject({ counted: 0, completeness: undefined });
    expect(count(1).length).toBeGreaterThan(LONGEST_MODULE_NAME);
  });

  it('is told while a recording grows, as far as it has come', () => {
    const reader = createTraceReader();
    const bytes = (text: string) => new TextEncoder().encode(text);
    const padding = Array.from({ length: 900 }, (_, i) => `${event(i)}\n`).join('');
    reader.push(bytes(`${head}\n${padding}${count(900)}\n`));
    expect(reader.soFar()).toMatchObject({ table: { countedRows: 900 }, notices: [] });
    expect(reader.soFar().completeness).toContain('Nothing was lost');
    reader.push(bytes(`${event(900)}\n`));
    expect(reader.soFar().table.countedRows).toBe(900);
    expect(reader.soFar().completeness).toContain('Up to event 900 of 901');
  });
});
