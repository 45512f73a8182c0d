import type { Analysis } from '../analysis/analysis.ts';
import { printTime } from '../event-table/clock.ts';
import type { Selection } from '../view-model/selection.ts';

/** Changes when a field changes its meaning or goes; fields may be added. */
const VERSION = 1;

/**
 * A JSON object that says what it is, with one line for each item of its list: `{ "format": "modshark-events", … }`.
 * What is not known is null.
 */
export function* printJsonList(
  list: 'events' | 'holds',
  name: string,
  { table, refcounts }: Analysis,
  { modules, from, to, filter }: Selection,
  items: Iterable<object>,
): Generator<string> {
  const time = (at: number) => (Number.isFinite(at) ? printTime(table.clock, at) : null);
  const head = {
    format: `modshark-${list}`,
    version: VERSION,
    recording: {
      name,
      events: table.length,
      start: time(0),
      end: time(table.time[table.length - 1] ?? 0),
      clock: table.clock.unit,
      refcounts,
      lost: table.lost.map(({ beforeRow, cpu, count, line }) => ({
        line,
        time: table.length === 0 ? null : time(table.time[Math.min(beforeRow, table.length - 1)]!),
        cpu: cpu < 0 ? null : cpu,
        count: count < 0 ? null : count,
      })),
    },
    selection: { modules, from: time(from), to: time(to), filter: filter === '' ? null : filter },
  };
  yield `${JSON.stringify(head, undefined, 2).slice(0, -2)},\n  "${list}": [`;
  let between = '\n    ';
  for (const item of items) {
    yield between + JSON.stringify(item, (_, value: unknown) => value ?? null);
    between = ',\n    ';
  }
  yield '\n  ]\n}\n';
}
