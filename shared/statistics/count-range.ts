import type { Analysis } from '../analysis/analysis.ts';
import { EventKind } from '../event-table/event-table.ts';
import type { HolderIdentities } from '../graph/identify-holders.ts';
import { firstAbove, firstNotBelow } from '../view-model/bisect.ts';
import { labelHolder } from '../view-model/label-holder.ts';
import { DURATION_EDGES, durationBin } from './duration-edges.ts';
import { listTop } from './list-top.ts';
import type {
  CallSiteTally,
  DurationBin,
  HolderTally,
  HoldTally,
  RangeStatistics,
  RateBin,
  StatisticsQuery,
} from './statistics.ts';

/** Counts what happened in a range: one pass over its events, one over the holds that began before its end. */
export function countRange(
  analysis: Analysis,
  { identityOf, identities }: HolderIdentities,
  query: StatisticsQuery,
): RangeStatistics {
  const { from, to, top } = query;
  const wanted = chooseModules(analysis, query.modules);
  const events = countEvents(analysis, query, wanted);
  const held = countHolds(analysis, identityOf, identities.length, query, wanted);

  const holders: HolderTally[] = [];
  for (const [identity, holder] of identities.entries()) {
    const lasting = held.lastingOf[identity]!;
    const transient = held.transientOf[identity]!;
    if (lasting + transient > 0)
      holders.push({ label: labelHolder(holder), kind: holder.kind, colour: holder.colour, lasting, transient });
  }
  const holderList = listTop(
    holders,
    top,
    ({ lasting }) => lasting,
    ({ transient }) => transient,
  );
  const siteList = listTop(events.sites, top, ({ gets, puts }) => gets + puts);
  return {
    from,
    to,
    gets: events.gets,
    puts: events.puts,
    holds: held.tally,
    rate: events.rate,
    holders: holderList.top,
    otherHolders: {
      holders: holderList.rest.length,
      lasting: sum(holderList.rest, ({ lasting }) => lasting),
      transient: sum(holderList.rest, ({ transient }) => transient),
    },
    durations: held.durations,
    callSites: siteList.top.map(({ label: callSite, gets, puts }): CallSiteTally => ({ callSite, gets, puts })),
    otherCallSites: {
      callSites: siteList.rest.length,
      gets: sum(siteList.rest, ({ gets }) => gets),
      puts: sum(siteList.rest, ({ puts }) => puts),
    },
  };
}

/** Per module 1 where it counts; undefined where all do. */
export function chooseModules({ table }: Analysis, modules: readonly string[]): Uint8Array | undefined {
  if (modules.length === 0) return undefined;
  const names = new Set(modules);
  return Uint8Array.from(table.modules, (module) => (names.has(module) ? 1 : 0));
}

function countEvents({ table }: Analysis, { from, to, bins }: StatisticsQuery, wanted: Uint8Array | undefined) {
  const getsOf = new Int32Array(table.callSites.length);
  const putsOf = new Int32Array(table.callSites.length);
  const rate: RateBin[] = [];
  const end = firstAbove(table.time, undefined, to, 0, table.length);
  let row = firstNotBelow(table.time, undefined, from, 0, end);
  let allGets = 0;
  let allPuts = 0;
  for (let bin = 0; bin < bins; bin++) {
    const next =
      bin === bins - 1 ? end : firstNotBelow(table.time, undefined, edgeOf(from, to, bins, bin + 1), row, end);
    let gets = 0;
    let puts = 0;
    for (; row < next; row++) {
      const kind = table.kind[row];
      if (kind !== EventKind.get && kind !== EventKind.put) continue;
      if (wanted !== undefined && wanted[table.module[row]!] === 0) continue;
      const site = table.callSite[row]!;
      if (kind === EventKind.get) {
        gets++;
        if (site >= 0) getsOf[site]!++;
      } else {
        puts++;
        if (site >= 0) putsOf[site]!++;
      }
    }
    rate.push({ time: edgeOf(from, to, bins, bin), gets, puts });
    allGets += gets;
    allPuts += puts;
  }
  const sites = table.callSites.flatMap(({ symbol, module }, site) => {
    const [gets, puts] = [getsOf[site]!, putsOf[site]!];
    return gets + puts === 0 ? [] : [{ label: module === undefined ? symbol : `${symbol} [${module}]`, gets, puts }];
  });
  return { gets: allGets, puts: allPuts, rate, sites };
}

/** The left edge of a bin. */
export function edgeOf(from: number, to: number, bins: number, bin: number): number {
  return from + ((to - from) * bin) / bins;
}

function countHolds(
  { holds }: Analysis,
  identityOf: Int32Array,
  identities: number,
  { from, to }: StatisticsQuery,
  wanted: Uint8Array | undefined,
) {
  const lastingOf = new Int32Array(identities);
  const transientOf = new Int32Array(identities);
  const lastingIn = new Int32Array(DURATION_EDGES.length);
  const transientIn = new Int32Array(DURATION_EDGES.length);
  let [lasting, transient, neverEnded, fromBefore] = [0, 0, 0, 0];
  const begun = firstAbove(holds.start, undefined, to, 0, holds.length);
  for (let hold = 0; hold < begun; hold++) {
    const start = holds.start[hold]!;
    const end = holds.end[hold]!;
    if (end <= from && start < from) continue;
    if (wanted !== undefined && wanted[holds.module[hold]!] === 0) continue;
    const passes = holds.transient[hold] === 1;
    const identity = identityOf[holds.holder[hold]!]!;
    if (passes) {
      transient++;
      transientOf[identity]!++;
    } else {
      lasting++;
      lastingOf[identity]!++;
    }
    if (start === Number.NEGATIVE_INFINITY) fromBefore++;
    if (end === Number.POSITIVE_INFINITY) neverEnded++;
    const duration = end - start;
    if (duration === Number.POSITIVE_INFINITY) continue;
    const bin = durationBin(duration);
    if (passes) transientIn[bin]!++;
    else lastingIn[bin]!++;
  }
  const tally: HoldTally = { lasting, transient, neverEnded, fromBefore };
  return { tally, lastingOf, transientOf, durations: listDurations(lastingIn, transientIn) };
}

function listDurations(lasting: Int32Array, transient: Int32Array): DurationBin[] {
  const isUsed = (_: number, bin: number) => lasting[bin]! + transient[bin]! > 0;
  const first = lasting.findIndex(isUsed);
  const last = lasting.findLastIndex(isUsed);
  return DURATION_EDGES.slice(Math.max(0, first), last + 1).map((from, i): DurationBin => {
    const bin = Math.max(0, first) + i;
    return {
      from,
      to: DURATION_EDGES[bin + 1] ?? Number.POSITIVE_INFINITY,
      lasting: lasting[bin]!,
      transient: transient[bin]!,
    };
  });
}

function sum<Item>(items: readonly Item[], amountOf: (item: Item) => number): number {
  return items.reduce((total, item) => total + amountOf(item), 0);
}
