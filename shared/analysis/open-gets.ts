import { NEVER } from './hold-collector.ts';

/** The gets of one call site that are open and that their own process never gives back. */
interface SitePile {
  readonly site: number;
  /** Most recent open get, a row; −1 for none. */
  top: number;
  size: number;
  /** Open gets per process. */
  readonly processes: Map<number, number>;
  /** Rows at which one of several was given back and nobody can say which, in order. */
  readonly ambiguous: number[];
  /** Rows at which a reference from before the recording may have been meant instead, in order. */
  readonly suspected: number[];
}

/** A get to be given back. */
export interface Choice {
  readonly row: number;
  readonly site: number;
  readonly score: number;
}

/** Call sites looked through for one put. */
const SEARCH_DEPTH = 64;

function firstAtOrAfter(rows: readonly number[], row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]! < row) low = middle + 1;
    else high = middle;
  }
  return rows[low] ?? NEVER;
}

/** Open gets of one module that strangers may give back, by call site, each pile linked through shared columns. */
export class OpenGets {
  private readonly piles = new Map<number, SitePile>();
  private readonly older: Int32Array;
  private readonly newer: Int32Array;
  private readonly siteOf: (row: number) => number;
  private readonly processOf: (row: number) => number;
  size = 0;

  /** @param older and newer: scratch columns, one entry per row of the table. */
  constructor(
    older: Int32Array,
    newer: Int32Array,
    siteOf: (row: number) => number,
    processOf: (row: number) => number,
  ) {
    this.older = older;
    this.newer = newer;
    this.siteOf = siteOf;
    this.processOf = processOf;
  }

  add(row: number): void {
    const site = this.siteOf(row);
    let pile = this.piles.get(site);
    if (pile === undefined) {
      pile = { site, top: -1, size: 0, processes: new Map(), ambiguous: [], suspected: [] };
      this.piles.set(site, pile);
    }
    this.older[row] = pile.top;
    this.newer[row] = -1;
    if (pile.top >= 0) this.newer[pile.top] = row;
    pile.top = row;
    pile.size++;
    this.size++;
    const process = this.processOf(row);
    pile.processes.set(process, (pile.processes.get(process) ?? 0) + 1);
  }

  /** Takes a get out; says from which rows on its holder is doubtful. */
  remove(row: number): { readonly lowFrom: number; readonly mediumFrom: number } {
    const pile = this.piles.get(this.siteOf(row))!;
    const { [row]: older } = this.older;
    const { [row]: newer } = this.newer;
    if (newer! >= 0) this.older[newer!] = older!;
    else pile.top = older!;
    if (older! >= 0) this.newer[older!] = newer!;
    pile.size--;
    this.size--;
    const process = this.processOf(row);
    const left = pile.processes.get(process)! - 1;
    if (left > 0) pile.processes.set(process, left);
    else pile.processes.delete(process);
    const doubt = {
      lowFrom: firstAtOrAfter(pile.ambiguous, row),
      mediumFrom: firstAtOrAfter(pile.suspected, row),
    };
    if (pile.size === 0) this.piles.delete(pile.site);
    return doubt;
  }

  /** The most recent get of the best-fitting call site. */
  best(score: (site: number) => number): Choice | undefined {
    let best: Choice | undefined;
    let searched = 0;
    for (const pile of this.piles.values()) {
      if (searched++ === SEARCH_DEPTH) break;
      const fit = score(pile.site);
      if (fit > 0 && (best === undefined || fit > best.score || (fit === best.score && pile.top > best.row))) {
        best = { row: pile.top, site: pile.site, score: fit };
      }
    }
    return best;
  }

  /** Whether the gets of the chosen call sites belong to more than one process. */
  severalProcesses(chosen: (site: number) => boolean): boolean {
    let only: number | undefined;
    let searched = 0;
    for (const pile of this.piles.values()) {
      if (searched++ === SEARCH_DEPTH) return true;
      if (!chosen(pile.site)) continue;
      if (pile.processes.size > 1) return true;
      const [process] = pile.processes.keys();
      if (only !== undefined && process !== only) return true;
      only = process;
    }
    return false;
  }

  /** From `row` on nobody can say which of the gets of these call sites is still held. */
  markAmbiguous(row: number, chosen: (site: number) => boolean): void {
    for (const pile of this.piles.values()) if (chosen(pile.site)) pile.ambiguous.push(row);
  }

  /** From `row` on one of these gets, or a reference of unknown origin, may have been given back. */
  markSuspected(row: number, chosen: (site: number) => boolean): void {
    for (const pile of this.piles.values()) if (chosen(pile.site)) pile.suspected.push(row);
  }

  mostRecent(): number {
    let row = -1;
    for (const pile of this.piles.values()) if (pile.top > row) row = pile.top;
    return row;
  }

  /** Takes every get out, in no order. */
  drain(each: (row: number, doubt: { readonly lowFrom: number; readonly mediumFrom: number }) => void): void {
    for (const pile of [...this.piles.values()]) {
      while (pile.size > 0) {
        const row = pile.top;
        each(row, this.remove(row));
      }
    }
  }
}
