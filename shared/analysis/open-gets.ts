import { firstPlace } from '../bisect.ts';
import { NEVER } from './hold-collector.ts';
import { LinkedRows, type RowLinks } from './linked-rows.ts';

/** What of a get decides who may give it back, and whether two of them are one holder's. */
export interface AboutGets {
  siteOf(row: number): number;
  /** Equal for two gets whose holder would be told of by the same name. */
  ownerOf(row: number): number;
  /** Taken by the init function of a module: it belongs to that module, and no process can hand it on. */
  isOfInit(row: number): boolean;
}

/** The gets of one call site that are open and that their own process never gives back. */
interface SitePile {
  readonly key: number;
  readonly site: number;
  readonly ofInit: boolean;
  readonly gets: LinkedRows;
  /** Open gets per owner. */
  readonly owners: Map<number, number>;
  /** Rows at which one of several was given back and nobody can say which, in order. */
  readonly ambiguous: number[];
  /** Rows at which something else was given back that may have been one of these instead, in order. */
  readonly suspected: number[];
  /** Beside each of them: the owner of whom it is not suspected; −1 for nobody. */
  readonly exempt: number[];
}

/** A get to be given back. */
export interface Choice {
  readonly row: number;
  readonly site: number;
  readonly score: number;
}

/** Call sites looked through for one put, gets of one call site, and doubts about one get. */
const SEARCH_DEPTH = 64;

function placeAtOrAfter(rows: readonly number[], row: number): number {
  return firstPlace(rows.length, (place) => rows[place]! >= row);
}

function firstSuspicion({ suspected, exempt }: SitePile, row: number, owner: number): number {
  let place = placeAtOrAfter(suspected, row);
  for (let depth = 0; depth < SEARCH_DEPTH && place < suspected.length && exempt[place] === owner; depth++) place++;
  return suspected[place] ?? NEVER;
}

/** Open gets of one module that strangers may give back, by call site, each pile linked through shared columns. */
export class OpenGets {
  private readonly piles = new Map<number, SitePile>();
  private readonly links: RowLinks;
  private readonly about: AboutGets;

  constructor(links: RowLinks, about: AboutGets) {
    this.links = links;
    this.about = about;
  }

  private keyOf(row: number): number {
    return this.about.siteOf(row) * 2 + (this.about.isOfInit(row) ? 1 : 0);
  }

  add(row: number): void {
    const key = this.keyOf(row);
    let pile = this.piles.get(key);
    if (pile === undefined) {
      const site = this.about.siteOf(row);
      const ofInit = this.about.isOfInit(row);
      const gets = new LinkedRows(this.links);
      pile = { key, site, ofInit, gets, owners: new Map(), ambiguous: [], suspected: [], exempt: [] };
      this.piles.set(key, pile);
    }
    pile.gets.add(row);
    const owner = this.about.ownerOf(row);
    pile.owners.set(owner, (pile.owners.get(owner) ?? 0) + 1);
  }

  /** Takes a get out; says from which rows on its holder is doubtful. */
  remove(row: number): { readonly lowFrom: number; readonly mediumFrom: number } {
    const pile = this.piles.get(this.keyOf(row))!;
    pile.gets.remove(row);
    const owner = this.about.ownerOf(row);
    const left = pile.owners.get(owner)! - 1;
    if (left > 0) pile.owners.set(owner, left);
    else pile.owners.delete(owner);
    const doubt = {
      lowFrom: pile.ambiguous[placeAtOrAfter(pile.ambiguous, row)] ?? NEVER,
      mediumFrom: firstSuspicion(pile, row, owner),
    };
    if (pile.gets.size === 0) this.piles.delete(pile.key);
    return doubt;
  }

  /** The most recent get of the best-fitting call site. */
  best(score: (site: number) => number): Choice | undefined {
    let best: Choice | undefined;
    let searched = 0;
    for (const pile of this.piles.values()) {
      if (searched++ === SEARCH_DEPTH) break;
      const fit = score(pile.site);
      if (fit > 0 && (best === undefined || fit > best.score || (fit === best.score && pile.gets.newest > best.row))) {
        best = { row: pile.gets.newest, site: pile.site, score: fit };
      }
    }
    return best;
  }

  /** The most recent get that the init function of a module took, of the best-fitting call site. */
  bestOfInit(owner: number, score: (site: number) => number): Choice | undefined {
    let best: Choice | undefined;
    for (const pile of this.piles.values()) {
      if (!pile.ofInit || !pile.owners.has(owner)) continue;
      const fit = score(pile.site);
      if (fit <= (best?.score ?? 0)) continue;
      let row = pile.gets.newest;
      for (let depth = 0; depth < SEARCH_DEPTH && this.about.ownerOf(row) !== owner; depth++) {
        if (this.links.older[row]! < 0) break;
        row = this.links.older[row]!;
      }
      if (this.about.ownerOf(row) === owner) best = { row, site: pile.site, score: fit };
    }
    return best;
  }

  /** Whether the gets of the chosen call sites belong to more than one owner. */
  severalOwners(chosen: (site: number) => boolean): boolean {
    let only: number | undefined;
    let searched = 0;
    for (const pile of this.piles.values()) {
      if (searched++ === SEARCH_DEPTH) return true;
      if (!chosen(pile.site)) continue;
      if (pile.owners.size > 1) return true;
      const [owner] = pile.owners.keys();
      if (only !== undefined && owner !== only) return true;
      only = owner;
    }
    return false;
  }

  /** From `row` on nobody can say which of the gets of these call sites is still held. */
  markAmbiguous(row: number, chosen: (site: number) => boolean): void {
    for (const pile of this.piles.values()) {
      if (chosen(pile.site) && !((pile.ambiguous.at(-1) ?? -1) > pile.gets.newest)) pile.ambiguous.push(row);
    }
  }

  /** From `row` on one of these gets, or a reference of unknown origin, may have been given back. */
  markSuspected(row: number, chosen: (site: number) => boolean): void {
    for (const pile of this.piles.values()) if (chosen(pile.site)) this.suspect(pile, row, -1);
  }

  /** From `row` on a process that gave back one of its own may have given back one of these instead: it was handed on. */
  markHandedOn(row: number, giver: number, chosen: (site: number) => boolean): void {
    let searched = 0;
    for (const pile of this.piles.values()) {
      if (searched++ === SEARCH_DEPTH) return;
      if (pile.ofInit || !chosen(pile.site) || (pile.owners.size === 1 && pile.owners.has(giver))) continue;
      this.suspect(pile, row, giver);
    }
  }

  private suspect(pile: SitePile, row: number, exempt: number): void {
    // Where every open get is older than the last marks, only a mark for another owner says something new.
    const last = pile.suspected.length - 1;
    if (last >= 0 && pile.suspected[last]! > pile.gets.newest) {
      if (pile.exempt[last] === exempt || pile.exempt[last]! < 0) return;
      if (last >= 1 && pile.suspected[last - 1]! > pile.gets.newest) return;
    }
    pile.suspected.push(row);
    pile.exempt.push(exempt);
  }

  mostRecent(): number {
    let row = -1;
    for (const pile of this.piles.values()) if (pile.gets.newest > row) row = pile.gets.newest;
    return row;
  }

  /** Takes every get out, in no order. */
  drain(each: (row: number, doubt: { readonly lowFrom: number; readonly mediumFrom: number }) => void): void {
    for (const pile of [...this.piles.values()]) {
      while (pile.gets.size > 0) {
        const row = pile.gets.newest;
        each(row, this.remove(row));
      }
    }
  }
}
