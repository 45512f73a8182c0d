import { EventKind, type EventTable } from '../event-table/event-table.ts';
import { type SiteClass, SiteRole } from './classify-call-sites.ts';
import { RowFlag, type ThreadContext } from './follow-threads.ts';
import { isClosedByTaker } from './holder-kinds.ts';
import type { RowsByModule } from './index-rows-by-module.ts';
import { PairScore } from './score-pairing.ts';

/** Distinct call sites of one process, and gets of one call site, that are looked through for one put. */
const SEARCH_DEPTH = 64;

export interface OwnPairs {
  /** Per row the partner's row, or −1. */
  readonly partner: Int32Array;
  /**
   * Per row of a get 1 where the pair rests on the process alone, for want of a known call site, and the process has
   * another reference that somebody else gives back: then it may be either.
   */
  readonly doubtful: Uint8Array;
}

/**
 * Pairs each put with a get of the same process: the best-fitting call site, then the most recent.
 *
 * This runs ahead of everything else, over the whole life of the module, so that a put by a stranger is never given a
 * get whose own process gives it back later.
 *
 * Links and the loader's reference have rules of their own and are left out.
 */
export function pairOwnPuts(
  table: EventTable,
  index: RowsByModule,
  sites: readonly SiteClass[],
  context: ThreadContext,
  processOf: Int32Array,
  scorePair: (getSite: number, putSite: number) => PairScore,
): OwnPairs {
  const doubtful = new Uint8Array(table.length);
  const partner = new Int32Array(table.length).fill(-1);
  const below = new Int32Array(table.length).fill(-1);
  const siteCount = table.callSites.length;

  for (let module = 0; module < table.modules.length; module++) {
    // Top of the pile of each (process, call site), and which call sites a process has piles of.
    const tops = new Map<number, number>();
    const pilesOf = new Map<number, number[]>();
    let weak: number[] = [];
    const settleLife = () => {
      for (const row of weak) if (pilesOf.has(processOf[table.task[row]!]!)) doubtful[row] = 1;
      weak = [];
      tops.clear();
      pilesOf.clear();
    };

    for (let place = index.offset[module]!; place < index.offset[module + 1]!; place++) {
      const row = index.rows[place]!;
      const kind = table.kind[row];
      if (kind === EventKind.load || kind === EventKind.free) {
        settleLife();
        continue;
      }
      const callSite = table.callSite[row]!;
      const site = sites[callSite];
      const process = table.task[row]! < 0 ? -1 : processOf[table.task[row]!]!;
      if (site === undefined || process < 0) continue;

      if (kind === EventKind.get) {
        // Whoever makes a mount or a rule need not be who removes it, so its maker's puts are worth no more than others'.
        if (site.getRole === SiteRole.link || !(site.get.transient || isClosedByTaker(site.get.kind))) continue;
        const key = process * siteCount + callSite;
        const top = tops.get(key);
        if (top === undefined) {
          const piles = pilesOf.get(process);
          if (piles === undefined) pilesOf.set(process, [callSite]);
          else piles.push(callSite);
        }
        below[row] = top ?? -1;
        tops.set(key, row);
        continue;
      }
      if (site.putRole === SiteRole.loader || site.putRole === SiteRole.unlink) continue;
      const piles = pilesOf.get(process);
      if (piles === undefined) continue;

      const mounting = context.flags[row]! & RowFlag.inMount;
      let best = -1;
      let bestAbove = -1;
      let bestRank = 0;
      let bestPile = -1;
      for (let pile = piles.length - 1; pile >= Math.max(0, piles.length - SEARCH_DEPTH); pile--) {
        const score = scorePair(piles[pile]!, callSite);
        if (score === 0) continue;
        let above = -1;
        let get = tops.get(process * siteCount + piles[pile]!)!;
        // What mount(2) took for the mount is not given back by a call outside of it while there is anything else.
        for (let depth = 0; (context.flags[get]! & RowFlag.inMount) !== mounting && depth < SEARCH_DEPTH; depth++) {
          if (below[get]! < 0) {
            above = -1;
            get = tops.get(process * siteCount + piles[pile]!)!;
            break;
          }
          above = get;
          get = below[get]!;
        }
        const rank = score * 2 + ((context.flags[get]! & RowFlag.inMount) === mounting ? 1 : 0);
        if (rank > bestRank || (rank === bestRank && get > best)) {
          best = get;
          bestAbove = above;
          bestRank = rank;
          bestPile = pile;
        }
      }
      if (best < 0) continue;
      partner[row] = best;
      partner[best] = row;
      if (bestRank <= PairScore.getUnknown * 2 + 1) weak.push(best);
      if (bestAbove >= 0) below[bestAbove] = below[best]!;
      else {
        const key = process * siteCount + piles[bestPile]!;
        if (below[best]! >= 0) tops.set(key, below[best]!);
        else {
          tops.delete(key);
          piles.splice(bestPile, 1);
          if (piles.length === 0) pilesOf.delete(process);
        }
      }
    }
    settleLife();
  }
  return { partner, doubtful };
}
