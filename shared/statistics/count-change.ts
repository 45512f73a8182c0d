import type { EventsAndHolds } from '../analysis/analysis.ts';
import { firstAbove } from '../bisect.ts';
import { EventKind } from '../event-table/event-table.ts';
import type { HolderIdentities } from '../graph/identify-holders.ts';
import type { IndexIntoEvents, RecordingTime } from '../units.ts';
import { labelHolder } from '../view-model/label-holder.ts';
import { chooseModules, type Passing } from './count-range.ts';
import { findTop, type TopPlaces } from './find-top.ts';
import type { Change, ChangeTally } from './statistics.ts';

/** What is asked of a change; the two times in any order. */
export interface ChangeQuery {
  readonly a: RecordingTime;
  readonly b: RecordingTime;
  /** Only these modules; empty for all. */
  readonly modules: readonly string[];
  readonly top: number;
}

/** Counts what changed between two times, by module and by holder. */
export function countChange(
  analysis: EventsAndHolds,
  { identityOf, identities }: HolderIdentities,
  query: ChangeQuery,
  passing?: Passing,
): Change {
  const { table, holds } = analysis;
  const from = Math.min(query.a, query.b);
  const to = Math.max(query.a, query.b);
  const wanted = chooseModules(analysis, query.modules);
  const byModule = new Tallies(table.modules.length);
  const byHolder = new Tallies(identities.length);
  let [gets, puts, net] = [0, 0, 0];

  const begin = firstAbove(table.time, undefined, from, 0, table.length);
  const end = firstAbove(table.time, undefined, to, begin, table.length);
  const rows = passing?.rows;
  const last = firstAbove(table.time, rows, to, 0, rows?.length ?? table.length);
  for (let place = firstAbove(table.time, rows, from, 0, last); place < last; place++) {
    const row = rows === undefined ? place : rows[place]!;
    const module = table.module[row]!;
    if (module < 0 || (wanted !== undefined && wanted[module] === 0)) continue;
    if (table.kind[row] === EventKind.get) {
      gets++;
      byModule.gets[module]!++;
    } else if (table.kind[row] === EventKind.put) {
      puts++;
      byModule.puts[module]!++;
    }
  }
  const isIn = (row: IndexIntoEvents, kind: EventKind) => row >= begin && row < end && table.kind[row] === kind;
  const begun = firstAbove(holds.start, undefined, to, 0, holds.length);
  for (let hold = 0; hold < begun; hold++) {
    if (holds.end[hold]! <= from) continue;
    const module = holds.module[hold]!;
    if (wanted !== undefined && wanted[module] === 0) continue;
    if (passing !== undefined && !passing.passes(hold)) continue;
    const holder = identityOf[holds.holder[hold]!]!;
    const change = (holds.end[hold]! > to ? 1 : 0) - (holds.start[hold]! <= from ? 1 : 0);
    net += change;
    byModule.net[module]! += change;
    byHolder.net[holder]! += change;
    if (isIn(holds.startRow[hold]!, EventKind.get)) byHolder.gets[holder]!++;
    if (isIn(holds.endRow[hold]!, EventKind.put)) byHolder.puts[holder]!++;
  }

  const modules = byModule.top(query.top, (module) => table.modules[module]!);
  const holders = byHolder.top(query.top, (identity) => labelHolder(identities[identity]!));
  return {
    from,
    to,
    gets,
    puts,
    net,
    modules: modules.top.map((module) => ({ label: table.modules[module]!, ...byModule.of(module) })),
    holders: holders.top.map((identity) => {
      const { kind, colour } = identities[identity]!;
      return { label: labelHolder(identities[identity]!), kind, colour, ...byHolder.of(identity) };
    }),
    otherModules: modules.others,
    otherHolders: holders.others,
  };
}

class Tallies {
  readonly gets: Int32Array;
  readonly puts: Int32Array;
  readonly net: Int32Array;

  constructor(length: number) {
    this.gets = new Int32Array(length);
    this.puts = new Int32Array(length);
    this.net = new Int32Array(length);
  }

  of(place: number): Omit<ChangeTally, 'label'> {
    return { gets: this.gets[place]!, puts: this.puts[place]!, net: this.net[place]! };
  }

  /** The greatest change first, then whoever did most. */
  top(most: number, labelOf: (place: number) => string): TopPlaces {
    const { gets, puts, net } = this;
    const did = (place: number) => gets[place]! + puts[place]!;
    return findTop(
      {
        length: gets.length,
        isTold: (place) => did(place) > 0 || net[place] !== 0,
        ranks: [(place) => Math.abs(net[place]!), did],
        labelOf,
      },
      most,
    );
  }
}
