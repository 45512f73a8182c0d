import { EventKind, type EventTable } from '../event-table/event-table.ts';
import type { Finding } from './analysis.ts';
import { type SiteClass, SiteRole } from './classify-call-sites.ts';
import { findCompleteStretches } from './complete-stretches.ts';
import { describeGets, moduleOwner } from './describe-gets.ts';
import { findAgreements } from './find-agreement.ts';
import { RowFlag, type ThreadContext } from './follow-threads.ts';
import { HoldCollector, HoldEnd, NEVER } from './hold-collector.ts';
import { holderSort } from './holder-kinds.ts';
import { inSteps } from './in-steps.ts';
import type { RowsByModule } from './index-rows-by-module.ts';
import { joinDoubts } from './join-doubts.ts';
import { ModuleLedger } from './module-ledger.ts';
import type { TaskNumbers } from './number-tasks.ts';
import { pairOwnPuts } from './pair-own-puts.ts';
import { createPairScorer, PairScore } from './score-pairing.ts';
import { beginOfRace, endOfRace, MOST_STATES_IN_ALL } from './spot-race.ts';
import type { ModuleLives } from './track-module-lives.ts';

/** The holds that were found, and what the counts are known to be. */
export interface PairedHolds {
  readonly holds: HoldCollector;
  /** Per place in `RowsByModule.rows`: how many references lsmod would have shown after it; −1 where not known. */
  readonly lsmodAfter: Int32Array;
  /** Some count did not agree with the events: the recording lacks events, with or without saying so. */
  readonly incomplete: boolean;
}

/** What no real machine reaches: above it a printed number is hostile or torn, and holds are not made up for it. */
const MOST_UNEXPLAINED = 100_000;

/** Misfits that are tried as races; a text made of nothing else must not take for ever. */
const MOST_RACES = 20_000;

/** Links looked through for one that should be gone. */
const SEARCH_DEPTH = 64;

/** Key of the links of modules whose load is not recorded. */
const UNKNOWN_USER = -1;

/** Findings of one kind that are kept; a text made of nothing but misfits must not fill the memory. */
const MOST_FINDINGS = 2_000;

/** Nearly all holds are begun by a get or a load. */
function countBeginnings(table: EventTable): number {
  let count = 0;
  for (let row = 0; row < table.length; row++) {
    const kind = table.kind[row];
    if (kind === EventKind.get || kind === EventKind.load) count++;
  }
  return count;
}

/**
 * Pairs gets with puts, module by module, so that the references open after each event are as many as the kernel said.
 *
 * A put ends, in this order: what its call site says (the loader's reference, a link), the get that the same process
 * took, the best-fitting get that nobody else gives back, a reference of unknown origin, and if there is none, any.
 */
export function* pairHolds(
  table: EventTable,
  index: RowsByModule,
  sites: readonly SiteClass[],
  context: ThreadContext,
  tasks: TaskNumbers,
  lives: ModuleLives,
  perCpu: boolean,
  findings: Finding[],
): Generator<void, PairedHolds> {
  const scorePair = createPairScorer(sites);
  const { partner, doubtful } = yield* pairOwnPuts(table, index, sites, context, tasks, scorePair);
  const holds = new HoldCollector(countBeginnings(table));
  const holdOf = new Int32Array(table.length).fill(-1);
  const links = { older: new Int32Array(table.length), newer: new Int32Array(table.length) };
  const lsmodAfter = new Int32Array(index.rows.length).fill(-1);
  let budget = table.length + 1_000_000;
  let reported = 0;
  let incomplete = false;
  let racesLeft = MOST_RACES;
  const search = { states: MOST_STATES_IN_ALL };
  const patience = { left: 16 * table.length + 1_000_000 };
  const agreements = findAgreements(table, index, findCompleteStretches(table), patience);

  const { processOf } = tasks;
  const processOfRow = (row: number) => (table.task[row]! < 0 ? -1 : processOf[table.task[row]!]!);
  const about = describeGets(table, sites, context, tasks, processOfRow);
  const report = (kind: Finding['kind'], row: number, module: number, tell: () => string) => {
    if (reported++ < MOST_FINDINGS) findings.push({ kind, row, module: table.modules[module], text: tell() });
  };

  for (let module = 0; module < table.modules.length; module++) {
    const first = index.offset[module]!;
    const last = index.offset[module + 1]!;
    if (first === last) continue;
    const name = table.modules[module]!;
    const newLedger = () => new ModuleLedger(holds, module, holdOf, links, about);
    let ledger = newLedger();
    let known = false;
    let begun = false;
    let livedBefore = false;
    let previous = -1;
    let raceUntil = -1;

    yield* inSteps(first, last, (from, to) => {
      for (let place = from; place < to; place++) {
        const row = index.rows[place]!;
        const kind = table.kind[row];

        if (kind === EventKind.load) {
          if (ledger.count > 0)
            report('disagreement', row, module, () => `${name} is loaded again, though its free is not recorded.`);
          ledger.closeAll(row);
          ledger = newLedger();
          ledger.startLoading(row);
          known = true;
          begun = true;
          previous = row;
          lsmodAfter[place] = ledger.count;
          continue;
        }
        if (kind === EventKind.free) {
          if (ledger.count > 0) {
            report(
              'forced-unload',
              row,
              module,
              () =>
                `${name} was freed while ${ledger.count} references were open: a forced unload, or their puts are not recorded.`,
            );
          }
          ledger.closeAll(row);
          ledger = newLedger();
          known = false;
          begun = false;
          livedBefore = true;
          previous = -1;
          lsmodAfter[place] = 0;
          continue;
        }

        const step = kind === EventKind.get ? 1 : -1;
        let before = table.refcount[row]! - step - 1;
        if (!perCpu) {
          if (!begun) {
            const begin = (agreements.countBefore(place) ?? beginOfRace(table, index, place, before + 1, search)) - 1;
            if (begin !== before) raceUntil = endOfMisfit(place, begin + 1, row);
            before = begin;
            if (before >= 0 && before <= MOST_UNEXPLAINED && before <= budget) {
              ledger.addUnexplained(before, livedBefore ? row : -1);
              budget -= before;
              known = true;
            }
          } else if (known && place >= raceUntil && before !== ledger.count) {
            const missing = before - ledger.count;
            const agrees = endOfMisfit(place, ledger.count + 1, previous);
            if (agrees >= 0) raceUntil = agrees;
            else if (missing > MOST_UNEXPLAINED || missing > budget || before < 0) known = false;
            else {
              incomplete = true;
              report(
                'disagreement',
                row,
                module,
                () =>
                  `${name} printed ${table.refcount[row]}, where the recorded events add up to ${ledger.count + 1 + step}: events are missing before this one, or several CPUs counted at once.`,
              );
              if (missing > 0) {
                ledger.addUnexplained(missing, row);
                budget -= missing;
              } else removeVanished(ledger, -missing, row, previous);
            }
          }
        }
        begun = true;
        if (kind === EventKind.get) openReference(ledger, row);
        else closeReference(ledger, row, module, name);
        previous = row;
        lsmodAfter[place] = known ? ledger.count : -1;
      }
    });
    ledger.settleOpen();
  }
  joinDoubts(table, index, holds);
  return { holds, lsmodAfter, incomplete };

  /** The place from which numbers and events agree again by themselves; −1 when events are missing. */
  function endOfMisfit(place: number, counted: number, before: number): number {
    const agrees = agreements.next(place, counted, before);
    return agrees >= 0 || racesLeft-- <= 0 ? agrees : endOfRace(table, index, place, counted, search);
  }

  function openReference(ledger: ModuleLedger, row: number): void {
    const site = sites[table.callSite[row]!];
    if (site?.getRole === SiteRole.link) {
      ledger.addLink(row, linkKey(row));
    } else ledger.addGet(row, partner[row]! >= 0);
  }

  /** Links are kept by the module that links; those of a failed load by themselves. */
  function linkKey(row: number): number {
    const flags = context.flags[row]!;
    if ((flags & RowFlag.linked) !== 0) return table.module[context.by[row]!]!;
    return (flags & RowFlag.failedLink) !== 0 ? UNKNOWN_USER - 1 - row : UNKNOWN_USER;
  }

  function closeReference(ledger: ModuleLedger, row: number, module: number, name: string): void {
    const callSite = table.callSite[row]!;
    const site = sites[callSite];
    if (site?.putRole === SiteRole.loader && ledger.loader >= 0) {
      ledger.endLoader(row, HoldEnd.known);
      return;
    }
    if (site?.putRole === SiteRole.unlink && endLinkOf(ledger, row)) return;

    const own = partner[row]!;
    if (own >= 0 && ledger.isOpen(own)) {
      const score = doubtful[own] === 1 ? PairScore.none : scorePair(table.callSite[own]!, callSite);
      ledger.endReserved(own, row, HoldEnd.own, score);
      // Within one call nothing changes hands. Over a longer time it may have been handed a like one, and given that back.
      if (context.open[own]! < 0 || context.open[own] !== context.open[row])
        ledger.gets.markHandedOn(row, about.ownerOf(own), (getSite) => scorePair(getSite, callSite) >= score);
      return;
    }
    const special = site !== undefined && site.putRole !== SiteRole.plain && site.putRole !== SiteRole.mountEnd;
    const score = (getSite: number) => (special ? 0 : scorePair(getSite, callSite));
    const exitOf = (context.flags[row]! & RowFlag.inExit) !== 0 ? table.module[context.by[row]!]! : -1;
    const ofExit = exitOf < 0 ? undefined : ledger.gets.bestOfInit(moduleOwner(exitOf), score);
    if (ofExit !== undefined) {
      ledger.endGet(ofExit.row, row, HoldEnd.foreign, ofExit.score);
      return;
    }
    const choice = ledger.gets.best(score);
    // What the init function of a module took is not what the exit function of another gives back.
    if (
      choice !== undefined &&
      exitOf >= 0 &&
      about.isOfInit(choice.row) &&
      ledger.endUnexplained(row, HoldEnd.foreign)
    )
      return;
    const belongsToTaker = choice === undefined || holderSort(sites[choice.site]!.get.kind).belongsTo === 'taker';
    // A stranger's put most likely gives back what it took before the recording began, not what another process took.
    if (choice !== undefined && (!belongsToTaker || ledger.baseline.length + ledger.unseen.length === 0)) {
      const possible = (getSite: number) => score(getSite) >= Math.min(choice.score, PairScore.generic);
      const several = ledger.gets.severalOwners(possible);
      const bySame = processOfRow(choice.row) === processOfRow(row) && processOfRow(row) >= 0;
      const hold = ledger.endGet(choice.row, row, bySame ? HoldEnd.own : HoldEnd.foreign, choice.score);
      // A doubt about the one that is ended here passes on to those that could have been ended in its place.
      if (several) ledger.noteGuess();
      if (several || holds.lowFrom[hold] !== NEVER) ledger.gets.markAmbiguous(row, possible);
      else if (holds.mediumFrom[hold] !== NEVER || ledger.baseline.length + ledger.unseen.length > 0)
        ledger.gets.markSuspected(row, possible);
      return;
    }
    if (ledger.endUnexplained(row, HoldEnd.foreign)) {
      if (choice !== undefined) {
        ledger.noteGuess();
        ledger.gets.markSuspected(row, (getSite) => score(getSite) > 0);
      }
      return;
    }
    forceEnd(ledger, row, module, name);
  }

  function endLinkOf(ledger: ModuleLedger, row: number): boolean {
    const flags = context.flags[row]!;
    if ((flags & RowFlag.failedLink) !== 0) return ledger.endLink(linkKey(context.by[row]!), row, HoldEnd.known);
    if ((flags & RowFlag.unlinked) !== 0) {
      if (ledger.endLink(table.module[context.by[row]!]!, row, HoldEnd.known)) return true;
    }
    return ledger.endUnexplained(row, HoldEnd.known) || ledger.endLink(UNKNOWN_USER, row, HoldEnd.known);
  }

  /** The kernel took one away, so one must go: the least certain that there is. */
  function forceEnd(ledger: ModuleLedger, row: number, module: number, name: string): void {
    ledger.noteGuess();
    const get = ledger.gets.mostRecent();
    if (get >= 0) {
      ledger.gets.markAmbiguous(row, () => true);
      ledger.endGet(get, row, HoldEnd.forced, PairScore.none);
    } else if (ledger.reserved.size > 0) {
      ledger.endReserved(ledger.reserved.oldest, row, HoldEnd.forced, PairScore.none);
    } else if (ledger.links.size > 0) {
      const [user] = ledger.links.keys();
      ledger.endLink(user!, row, HoldEnd.forced);
    } else if (ledger.loader >= 0) ledger.endLoader(row, HoldEnd.forced);
    else return;
    report('forced-pairing', row, module, () => `A put of ${name} fits none of the references that were open.`);
  }

  /** Ends references whose puts are missing: some time after `previous`, the module's event before, they were given back. */
  function removeVanished(ledger: ModuleLedger, count: number, row: number, previous: number): void {
    ledger.noteGuess();
    for (let left = count; left > 0; left--) {
      if (ledger.unseen.length > 0 && ledger.endUnexplained(row, HoldEnd.unseen)) {
        ledger.gets.markAmbiguous(previous, () => true);
        continue;
      }
      const stale = staleLink(ledger, row);
      if (stale !== undefined && ledger.endLink(stale, row, HoldEnd.unseen)) continue;
      if (ledger.loader >= 0 && context.by[row] !== holds.beginRow[ledger.loader]) {
        ledger.endLoader(row, HoldEnd.unseen);
        continue;
      }
      if (ledger.baseline.length > 0 && ledger.endUnexplained(row, HoldEnd.unseen)) {
        ledger.gets.markAmbiguous(previous, () => true);
        continue;
      }
      const get = ledger.gets.mostRecent();
      if (get >= 0) {
        if (ledger.gets.severalOwners(() => true)) ledger.gets.markAmbiguous(previous, () => true);
        const hold = ledger.endGet(get, row, HoldEnd.unseen, PairScore.none);
        holds.lowFrom[hold] = Math.min(holds.lowFrom[hold]!, previous);
      } else if (ledger.links.size > 0) {
        const [user] = ledger.links.keys();
        ledger.endLink(user!, row, HoldEnd.unseen);
      } else if (ledger.loader >= 0) ledger.endLoader(row, HoldEnd.unseen);
      else if (ledger.reserved.size > 0) {
        ledger.endReserved(ledger.reserved.oldest, row, HoldEnd.unseen, PairScore.none);
      } else return;
    }
  }

  /** A link of a module that is no longer loaded. */
  function staleLink(ledger: ModuleLedger, row: number): number | undefined {
    const ending = (context.flags[row]! & RowFlag.unlinked) !== 0 ? table.module[context.by[row]!]! : UNKNOWN_USER;
    let searched = 0;
    for (const [user, links] of ledger.links) {
      if (searched++ === SEARCH_DEPTH) return undefined;
      // The link that this very event ends is still there before it.
      if (user !== ending && user >= 0 && lives.endOf(context.by[links[0]!]!) < row) return user;
    }
    return undefined;
  }
}
