import type { EventsAndHolds } from '../analysis/analysis.ts';
import { firstAbove, firstNotBelow } from '../bisect.ts';
import { EventKind, type EventTable } from '../event-table/event-table.ts';
import type { HolderIdentities } from '../graph/identify-holders.ts';
import { labelHolder } from '../view-model/label-holder.ts';
import type { NarrowedRecording } from '../view-model/narrow-recording.ts';
import { DURATION_EDGES, durationBin } from './duration-edges.ts';
import { findTop } from './find-top.ts';
import type {
  CallSiteTally,
  DurationBin,
  HolderTally,
  HoldTally,
  RangeStatistics,
  RateBin,
  StatisticsQuery,
} from './statistics.ts';

/** What passes a filter: rows in order, and whether a hold does. */
export type Passing = Pick<NarrowedRecording, 'rows' | 'passes'>;

/** Counts what happened in a range: one pass over its events, one over the holds that began before its end. */
export function countRange(
  analysis: EventsAndHolds,
  { identityOf, identities }: HolderIdentities,
  query: StatisticsQuery,
  passing?: Passing,
): RangeStatistics {
  const { from, to, top } = query;
  const wanted = chooseModules(analysis, query.modules);
  const events = countEvents(analysis, query, wanted, passing?.rows);
  const held = countHolds(analysis, identityOf, identities.length, query, wanted, passing);
  const { lastingOf, transientOf } = held;
  const { getsOf, putsOf } = events;
  const { callSites } = analysis.table;

  const holders = findTop(
    {
      length: identities.length,
      isTold: (place) => lastingOf[place]! + transientOf[place]! > 0,
      ranks: [(place) => lastingOf[place]!, (place) => transientOf[place]!],
      labelOf: (place) => labelHolder(identities[place]!),
    },
    top,
  );
  const sites = findTop(
    {
      length: callSites.length,
      isTold: (site) => getsOf[site]! + putsOf[site]! > 0,
      ranks: [(site) => getsOf[site]! + putsOf[site]!],
      labelOf: (site) => labelCallSite(callSites[site]!),
    },
    top,
  );
  return {
    from,
    to,
    gets: events.gets,
    puts: events.puts,
    holds: held.tally,
    rate: events.rate,
    holders: holders.top.map((place): HolderTally => {
      const { kind, colour } = identities[place]!;
      const label = labelHolder(identities[place]!);
      return { label, kind, colour, lasting: lastingOf[place]!, transient: transientOf[place]! };
    }),
    otherHolders: {
      holders: holders.others,
      lasting: held.tally.lasting - sum(holders.top, lastingOf),
      transient: held.tally.transient - sum(holders.top, transientOf),
    },
    durations: held.durations,
    callSites: sites.top.map((site): CallSiteTally => {
      return { callSite: labelCallSite(callSites[site]!), gets: getsOf[site]!, puts: putsOf[site]! };
    }),
    otherCallSites: {
      callSites: sites.others,
      gets: events.getsWithSite - sum(sites.top, getsOf),
      puts: events.putsWithSite - sum(sites.top, putsOf),
    },
  };
}

function labelCallSite({ symbol, module }: EventTable['callSites'][number]): string {
  return module === undefined ? symbol : `${symbol} [${module}]`;
}

/** Per module 1 where it counts; undefined where all do. */
export function chooseModules({ table }: EventsAndHolds, modules: readonly string[]): Uint8Array | undefined {
  if (modules.length === 0) return undefined;
  const names = new Set(modules);
  return Uint8Array.from(table.modules, (module) => (names.has(module) ? 1 : 0));
}

function countEvents(
  { table }: EventsAndHolds,
  { from, to, bins }: StatisticsQuery,
  wanted: Uint8Array | undefined,
  rows: Uint32Array | undefined,
) {
  const { time, kind, module, callSite } = table;
  const getsOf = new Int32Array(table.callSites.length);
  const putsOf = new Int32Array(table.callSites.length);
  const rate: RateBin[] = [];
  const end = firstAbove(time, rows, to, 0, rows?.length ?? table.length);
  let place = firstNotBelow(time, rows, from, 0, end);
  let [allGets, allPuts, getsWithSite, putsWithSite] = [0, 0, 0, 0];
  for (let bin = 0; bin < bins; bin++) {
    const next = bin === bins - 1 ? end : firstNotBelow(time, rows, edgeOf(from, to, bins, bin + 1), place, end);
    let gets = 0;
    let puts = 0;
    for (; place < next; place++) {
      const row = rows === undefined ? place : rows[place]!;
      const what = kind[row];
      if (what !== EventKind.get && what !== EventKind.put) continue;
      if (wanted !== undefined && wanted[module[row]!] === 0) continue;
      const site = callSite[row]!;
      if (what === EventKind.get) {
        gets++;
        if (site < 0) continue;
        getsWithSite++;
        getsOf[site]!++;
      } else {
        puts++;
        if (site < 0) continue;
        putsWithSite++;
        putsOf[site]!++;
      }
    }
    rate.push({ time: edgeOf(from, to, bins, bin), gets, puts });
    allGets += gets;
    allPuts += puts;
  }
  return { gets: allGets, puts: allPuts, getsWithSite, putsWithSite, rate, getsOf, putsOf };
}

/** The left edge of a bin. */
function edgeOf(from: number, to: number, bins: number, bin: number): number {
  return from + ((to - from) * bin) / bins;
}

function countHolds(
  { holds }: EventsAndHolds,
  identityOf: Int32Array,
  identities: number,
  { from, to }: StatisticsQuery,
  wanted: Uint8Array | undefined,
  passing: Passing | undefined,
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
    if (passing !== undefined && !passing.passes(hold)) continue;
    const isBrief = holds.transient[hold] === 1;
    const identity = identityOf[holds.holder[hold]!]!;
    if (isBrief) {
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
    if (isBrief) transientIn[bin]!++;
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

function sum(places: readonly number[], amounts: Int32Array): number {
  return places.reduce((total, place) => total + amounts[place]!, 0);
}
