import type { Analysis } from '../analysis/analysis.ts';
import { EventKind } from '../event-table/event-table.ts';
import type { HolderIdentities } from '../graph/identify-holders.ts';
import type { IndexIntoEvents, RecordingTime } from '../units.ts';
import { firstAbove } from '../view-model/bisect.ts';
import { labelHolder } from '../view-model/label-holder.ts';
import { chooseModules } from './count-range.ts';
import { listTop } from './list-top.ts';
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
  analysis: Analysis,
  { identityOf, identities }: HolderIdentities,
  query: ChangeQuery,
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
  for (let row = begin; row < end; row++) {
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
    const holder = identityOf[holds.holder[hold]!]!;
    const change = (holds.end[hold]! > to ? 1 : 0) - (holds.start[hold]! <= from ? 1 : 0);
    net += change;
    byModule.net[module]! += change;
    byHolder.net[holder]! += change;
    if (isIn(holds.startRow[hold]!, EventKind.get)) byHolder.gets[holder]!++;
    if (isIn(holds.endRow[hold]!, EventKind.put)) byHolder.puts[holder]!++;
  }

  const modules = rank(
    byModule.list((module) => ({ label: table.modules[module]! })),
    query.top,
  );
  const holders = rank(
    byHolder.list((identity) => {
      const holder = identities[identity]!;
      return { label: labelHolder(holder), kind: holder.kind, colour: holder.colour };
    }),
    query.top,
  );
  return {
    from,
    to,
    gets,
    puts,
    net,
    modules: modules.top,
    holders: holders.top,
    otherModules: modules.rest.length,
    otherHolders: holders.rest.length,
  };
}

function rank<Item extends ChangeTally>(items: readonly Item[], top: number) {
  return listTop(
    items,
    top,
    ({ net }) => Math.abs(net),
    ({ gets, puts }) => gets + puts,
  );
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

  /** Those with anything to tell. */
  list<Facts extends { readonly label: string }>(describe: (place: number) => Facts): (Facts & ChangeTally)[] {
    const found: (Facts & ChangeTally)[] = [];
    for (let place = 0; place < this.gets.length; place++) {
      const [gets, puts, net] = [this.gets[place]!, this.puts[place]!, this.net[place]!];
      if (gets !== 0 || puts !== 0 || net !== 0) found.push({ ...describe(place), gets, puts, net });
    }
    return found;
  }
}
