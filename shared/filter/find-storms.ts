import type { Analysis } from '../analysis/analysis.ts';
import { filterRows } from './filter-rows.ts';
import { parseFilter } from './parse-filter.ts';
import { quoteValue } from './quote-value.ts';

/** One call site that takes and gives back one module so often that it drowns the rest: binfmt_misc at every exec. */
export interface Storm {
  readonly module: string;
  /** Where it is taken. */
  readonly callSite: string;
  /** Gets and puts of its pairs, and what part of the recording's events they are, 0 to 1. */
  readonly events: number;
  readonly share: number;
  /** Written behind a filter, it hides the storm and nothing but pairs of the same kind. */
  readonly filter: string;
}

/** Fewer events hide nothing from a person, however large their share. */
const FEWEST_EVENTS = 500;
const SMALLEST_SHARE = 0.1;
/** How far above the middle one of all modules. */
const FAR_ABOVE = 10;

/** Pairs within one call that were taken at the same place, of the same module. */
interface PairGroup {
  readonly module: number;
  /** Of the get. */
  readonly callSite: number;
  /** Of gets and puts. */
  readonly callSites: Set<number>;
  events: number;
}

/** The storms of a recording, the largest first. */
export function findStorms(analysis: Pick<Analysis, 'table' | 'holds'>): readonly Storm[] {
  const { table, holds } = analysis;
  const groups = new Map<number, PairGroup>();
  const inPair = new Uint8Array(table.length);
  for (let hold = 0; hold < holds.length; hold++) {
    const get = holds.startRow[hold]!;
    const put = holds.endRow[hold]!;
    if (holds.transient[hold] === 0 || get < 0 || put < 0) continue;
    inPair[get] = 1;
    inPair[put] = 1;
    const module = holds.module[hold]!;
    const callSite = table.callSite[get]!;
    const key = module * table.callSites.length + callSite;
    const group = groups.get(key) ?? { module, callSite, callSites: new Set([callSite]), events: 0 };
    groups.set(key, group);
    group.callSites.add(table.callSite[put]!);
    group.events += 2;
  }
  const perModule = new Uint32Array(table.modules.length);
  for (let row = 0; row < table.length; row++) if (table.module[row]! >= 0) perModule[table.module[row]!]!++;
  const usual = perModule.length > 1 ? perModule.toSorted()[(perModule.length - 1) >> 1]! : 0;

  return Array.from(groups.values())
    .filter(({ events }) => events >= Math.max(FEWEST_EVENTS, SMALLEST_SHARE * table.length, FAR_ABOVE * usual))
    .sort((a, b) => b.events - a.events)
    .map((group) => ({
      module: table.modules[group.module]!,
      callSite: table.callSites[group.callSite]!.symbol,
      events: group.events,
      share: group.events / table.length,
      filter: hidingFilter(analysis, inPair, group),
    }));
}

/** The plainest words that hide the pairs of a group without hiding an event that is no such pair. */
function hidingFilter(analysis: Pick<Analysis, 'table' | 'holds'>, inPair: Uint8Array, group: PairGroup): string {
  const { table } = analysis;
  const sites = Array.from(group.callSites, (site) => quoteValue(table.callSites[site]!.symbol));
  const words = [`-module:${quoteValue(table.modules[group.module]!)}`, `-site:${sites.join('|')}`];
  return words.find((word) => hidesOnly(word, analysis, inPair)) ?? '-is:transient';
}

function hidesOnly(word: string, analysis: Pick<Analysis, 'table' | 'holds'>, hideable: Uint8Array): boolean {
  const { table } = analysis;
  const hidden = filterRows(parseFilter(word.slice(1), table.clock), table, analysis);
  return hidden.every((row) => hideable[row] === 1);
}
