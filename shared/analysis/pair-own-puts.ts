import { EventKind, type EventTable } from '../event-table/event-table.ts';
import { type SiteClass, SiteRole } from './classify-call-sites.ts';
import { RowFlag, type ThreadContext } from './follow-threads.ts';
import { isClosedByTaker } from './holder-kinds.ts';
import { inSteps } from './in-steps.ts';
import type { RowsByModule } from './index-rows-by-module.ts';
import type { TaskNumbers } from './number-tasks.ts';
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
export function* pairOwnPuts(
  table: EventTable,
  index: RowsByModule,
  sites: readonly SiteClass[],
  context: ThreadContext,
  tasks: TaskNumbers,
  scorePair: (getSite: number, putSite: number) => PairScore,
): Generator<void, OwnPairs> {
  const doubtful = new Uint8Array(table.length);
  const partner = new Int32Array(table.length).fill(-1);
  const below = new Int32Array(table.length);
  const { processOf } = tasks;
  const piles = new ProcessPiles(tasks.processes);
  // Whoever makes a mount or a rule need not be who removes it, so its maker's puts are worth no more than others'.
  const getsArePaired = sites.map(
    ({ get, getRole }) => getRole !== SiteRole.link && (get.transient || isClosedByTaker(get.kind)),
  );
  const putsArePaired = sites.map(({ putRole }) => putRole !== SiteRole.loader && putRole !== SiteRole.unlink);

  for (let module = 0; module < table.modules.length; module++) {
    let weak: number[] = [];
    const settleLife = () => {
      for (const row of weak) if (piles.has(processOf[table.task[row]!]!)) doubtful[row] = 1;
      weak = [];
      piles.clear();
    };

    yield* inSteps(index.offset[module]!, index.offset[module + 1]!, (from, to) => {
      for (let place = from; place < to; place++) {
        const row = index.rows[place]!;
        const kind = table.kind[row];
        if (kind === EventKind.load || kind === EventKind.free) {
          settleLife();
          continue;
        }
        const callSite = table.callSite[row]!;
        const process = table.task[row]! < 0 ? -1 : processOf[table.task[row]!]!;
        if (callSite < 0 || process < 0) continue;

        if (kind === EventKind.get) {
          if (getsArePaired[callSite]) below[row] = piles.put(process, callSite, row);
          continue;
        }
        if (!putsArePaired[callSite]) continue;

        const mounting = context.flags[row]! & RowFlag.inMount;
        let best = -1;
        let bestAbove = -1;
        let bestRank = 0;
        let bestPile = -1;
        let bestNewer = -1;
        let newer = -1;
        let searched = 0;
        for (let pile = piles.newest[process]!; pile >= 0 && searched++ < SEARCH_DEPTH; pile = piles.older[pile]!) {
          const score = scorePair(piles.site[pile]!, callSite);
          if (score > 0) {
            let above = -1;
            let get = piles.top[pile]!;
            // What mount(2) took for the mount is not given back by a call outside of it while there is anything else.
            for (let depth = 0; (context.flags[get]! & RowFlag.inMount) !== mounting && depth < SEARCH_DEPTH; depth++) {
              if (below[get]! < 0) {
                above = -1;
                get = piles.top[pile]!;
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
              bestNewer = newer;
            }
          }
          newer = pile;
        }
        if (best < 0) continue;
        partner[row] = best;
        partner[best] = row;
        if (bestRank <= PairScore.getUnknown * 2 + 1) weak.push(best);
        if (bestAbove >= 0) below[bestAbove] = below[best]!;
        else if (below[best]! >= 0) piles.top[bestPile] = below[best]!;
        else piles.remove(process, bestPile, bestNewer);
      }
    });
    settleLife();
  }
  return { partner, doubtful };
}

/** The open gets of each process, in a pile for each call site; the piles of a process are chained, the newest first. */
class ProcessPiles {
  /** Per process its newest pile; −1 for none. */
  readonly newest: Int32Array;
  /** Per pile its call site, its most recent get, and the next older pile of its process. */
  readonly site: number[] = [];
  readonly top: number[] = [];
  readonly older: number[] = [];
  private readonly touched: number[] = [];
  private readonly free: number[] = [];

  constructor(processes: number) {
    this.newest = new Int32Array(processes).fill(-1);
  }

  has(process: number): boolean {
    return this.newest[process]! >= 0;
  }

  /** Puts a get on the pile of its call site; gives the one below it, or −1. */
  put(process: number, site: number, row: number): number {
    let pile = this.newest[process]!;
    if (pile < 0) this.touched.push(process);
    // A pile deeper than any put looks is as good as none.
    for (let depth = 0; pile >= 0 && depth < SEARCH_DEPTH; depth++) {
      if (this.site[pile] === site) {
        const below = this.top[pile]!;
        this.top[pile] = row;
        return below;
      }
      pile = this.older[pile]!;
    }
    const added = this.free.pop() ?? this.site.length;
    this.site[added] = site;
    this.top[added] = row;
    this.older[added] = this.newest[process]!;
    this.newest[process] = added;
    return -1;
  }

  /** Takes an empty pile away. @param newer the pile before it in its chain; −1 where it is the newest */
  remove(process: number, pile: number, newer: number): void {
    if (newer < 0) this.newest[process] = this.older[pile]!;
    else this.older[newer] = this.older[pile]!;
    this.free.push(pile);
  }

  clear(): void {
    for (const process of this.touched) this.newest[process] = -1;
    for (const list of [this.touched, this.free, this.site, this.top, this.older]) list.length = 0;
  }
}
