import type { EventTable } from '../event-table/event-table.ts';
import { eventNames, type FilterKey } from './filter-keys.ts';

/** A name of a recording and how many events bear it. */
export interface RankedName {
  readonly name: string;
  readonly events: number;
}

/** What a recording has to offer as values of a filter, the most frequent first. */
export type FilterVocabulary = Readonly<
  Record<Extract<FilterKey, 'module' | 'task' | 'pid' | 'site' | 'event' | 'cpu'>, readonly RankedName[]>
>;

/** Names kept per key: a storm of short-lived tasks has a million, and nobody is offered the rarest. */
const MOST_NAMES = 2_000;
const NO_CPU = 0xffff;

/** Counts every name of a recording once; `suggestCompletions` asks the result at every key that is pressed. */
export function rankNames(table: EventTable): FilterVocabulary {
  return {
    module: rank(table.module, table.modules),
    task: rank(
      table.task,
      table.tasks.map(({ comm }) => comm),
    ),
    pid: rank(
      table.task,
      table.tasks.map(({ pid }) => String(pid)),
    ),
    site: rank(
      table.callSite,
      table.callSites.map(({ symbol }) => symbol),
    ),
    event: rank(table.kind, eventNames),
    cpu: rank(
      table.cpu,
      Array.from({ length: NO_CPU }, (_, cpu) => String(cpu)),
    ),
  };
}

/** Counts values first and adds up equal names afterwards: a name may belong to many values, as a task's to many pids. */
function rank(column: ArrayLike<number>, names: readonly string[]): readonly RankedName[] {
  const counts = new Uint32Array(names.length);
  for (let row = 0; row < column.length; row++) counts[column[row]!]!++;
  const events = new Map<string, number>();
  for (const [value, name] of names.entries()) {
    const count = counts[value]!;
    if (count > 0 && name !== '') events.set(name, (events.get(name) ?? 0) + count);
  }
  return Array.from(events, ([name, count]) => ({ name, events: count }))
    .sort((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_NAMES);
}
