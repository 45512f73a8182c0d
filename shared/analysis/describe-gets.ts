import type { EventTable } from '../event-table/event-table.ts';
import { type SiteClass, SiteRole } from './classify-call-sites.ts';
import { RowFlag, type ThreadContext } from './follow-threads.ts';
import { holderSort } from './holder-kinds.ts';
import { PairNumbers } from './number-pairs.ts';
import type { TaskNumbers } from './number-tasks.ts';
import type { AboutGets } from './open-gets.ts';

/** Owners are numbers of four sorts: processes, modules, filesystems, and makers of one kind of thing. */
const SORTS = 4;

/** The owner of what the init function of a module takes. */
export function moduleOwner(module: number): number {
  return module * SORTS + 1;
}

/**
 * Says whose each get is, as far as its name goes: two mounts of one filesystem, or two devices made by programs of one
 * name, are told of alike, so it does not matter which of them is given back.
 */
export function describeGets(
  table: EventTable,
  sites: readonly SiteClass[],
  context: ThreadContext,
  tasks: TaskNumbers,
  processOf: (row: number) => number,
): AboutGets {
  const sorts = sites.map(({ get }) => holderSort(get.kind));
  // Makers of one kind of thing by the name of their program.
  const kindNumbers = new Map<string, number>();
  const kinds = sites.map(({ get: { kind } }) => {
    const number = kindNumbers.get(kind) ?? kindNumbers.size;
    kindNumbers.set(kind, number);
    return number;
  });
  const makers = new PairNumbers();
  const isOfInit = (row: number) => (context.flags[row]! & RowFlag.inInit) !== 0;
  return {
    siteOf: (row) => table.callSite[row]!,
    isOfInit,
    ownerOf(row) {
      if (isOfInit(row)) return moduleOwner(table.module[context.by[row]!]!);
      if ((context.flags[row]! & RowFlag.inMount) !== 0) return table.module[context.by[row]!]! * SORTS + 2;
      const site = sites[table.callSite[row]!];
      if (site === undefined || site.getRole === SiteRole.link) return processOf(row) * SORTS;
      const { kind, belongsTo } = sorts[table.callSite[row]!]!;
      if (kind === 'mount') return table.module[row]! * SORTS + 2;
      if (belongsTo !== 'object') return processOf(row) * SORTS;
      const comm = table.task[row]! < 0 ? -1 : tasks.commOf[table.task[row]!]!;
      return makers.number(kinds[table.callSite[row]!]!, comm) * SORTS + 3;
    },
  };
}
