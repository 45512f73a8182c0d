import type { EventTable } from '../event-table/event-table.ts';
import { type SiteClass, SiteRole } from './classify-call-sites.ts';
import { RowFlag, type ThreadContext } from './follow-threads.ts';
import { holderSort } from './holder-kinds.ts';
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
  processOf: (row: number) => number,
): AboutGets {
  const sorts = sites.map(({ get }) => holderSort(get.kind));
  const makersOf = new Map<string, Map<string, number>>();
  let makers = 0;
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
      let named = makersOf.get(site.get.kind);
      if (named === undefined) {
        named = new Map();
        makersOf.set(site.get.kind, named);
      }
      const comm = table.tasks[table.task[row]!]?.comm ?? '';
      let maker = named.get(comm);
      if (maker === undefined) {
        maker = makers++;
        named.set(comm, maker);
      }
      return maker * SORTS + 3;
    },
  };
}
