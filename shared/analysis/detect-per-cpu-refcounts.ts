import { EventKind, type EventTable } from '../event-table/event-table.ts';
import { type SiteClass, SiteRole } from './classify-call-sites.ts';
import type { RowsByModule } from './index-rows-by-module.ts';
import { lostBetween } from './lost-between.ts';

/** A single misfit in a short recording is more likely a lost event than a kernel of before 2015. */
const FEWEST_MISFITS = 2;

/** Every number that the table has room for. */
const CPUS = 1 << 16;

/** Of an old kernel’s numbers hardly any is explained by neither count: lost events alone make them, and few. */
const MISFITS_FOR_A_RACE = 4;

/** What a put adds to the sum of gets and puts, where its get may be one that was filtered out. */
const MOST_RISE = 2;

/**
 * Tells whether the kernel printed each CPU's own share of the count, which is no use count.
 *
 * From 3.19 on the number is the module's count after the operation: one more after each get, one less after each put,
 * at least 1. Before, it was what this CPU had counted: rising on puts (gets plus puts, up to at least 3.6) or of any
 * sign (gets minus puts). Single misfits are lost events; a recording whose numbers mostly misfit is an old kernel, unless they
 * are not this CPU's own count either: that is a storm on several CPUs, which race.
 *
 * Source: include/trace/events/module.h and kernel/module.c module_refcount, 2.6.32 to 3.19.
 */
export function detectPerCpuRefcounts(table: EventTable, index: RowsByModule, sites: readonly SiteClass[]): boolean {
  let fits = 0;
  let misfits = 0;
  let rises = 0;
  let falls = 0;
  // Numbers that neither the module's count nor this CPU's explains: several CPUs at once.
  let races = 0;
  // What each CPU printed last, and in which life of a module that was.
  const lastOnCpu = new Int32Array(CPUS);
  const lifeOnCpu = new Int32Array(CPUS);
  let life = 0;
  for (let module = 0; module < table.modules.length; module++) {
    let before = -1;
    life++;
    for (let place = index.offset[module]!; place < index.offset[module + 1]!; place++) {
      const row = index.rows[place]!;
      const kind = table.kind[row];
      if (kind !== EventKind.get && kind !== EventKind.put) {
        before = kind === EventKind.load ? row : -1;
        life++;
        continue;
      }
      const step = kind === EventKind.get ? 1 : -1;
      const printed = table.refcount[row]!;
      const site = sites[table.callSite[row]!];
      if (printed < 1) misfits += 2;
      if (site?.legacy && site.putRole === SiteRole.loader && step < 0) misfits += 4;
      // A loader's put straight after the load leaves the base reference, 1, or on an old kernel with one CPU nothing.
      const afterLoad = before >= 0 && table.kind[before] === EventKind.load;
      if (afterLoad && printed === 0 && step < 0 && site?.putRole === SiteRole.loader) return true;
      if (before >= 0 && !lostBetween(table, before, row)) {
        const expected = afterLoad ? 2 : table.refcount[before]!;
        const cpu = table.cpu[row]!;
        const onCpu = lifeOnCpu[cpu] === life ? lastOnCpu[cpu] : undefined;
        if (step < 0 && onCpu !== undefined && printed < onCpu) falls++;
        if (printed === expected + step) fits += afterLoad && site?.putRole === SiteRole.loader ? 4 : 1;
        else if (afterLoad) misfits += site?.putRole === SiteRole.loader ? 1 : 0;
        else if (step < 0 && onCpu !== undefined && printed > onCpu && printed <= onCpu + MOST_RISE) rises++;
        else if (table.cpu[before] !== cpu && onCpu !== undefined) {
          const own = Math.abs(printed - onCpu);
          if (own === 1) misfits++;
          else if (own === 0 || own > MOST_RISE) races++;
        }
      }
      lastOnCpu[table.cpu[row]!] = printed;
      lifeOnCpu[table.cpu[row]!] = life;
      before = row;
    }
  }
  // Where it rises on puts, it never falls.
  if (falls * 4 < rises) misfits += rises;
  return misfits >= FEWEST_MISFITS && misfits > races * MISFITS_FOR_A_RACE && misfits * 4 > fits;
}
