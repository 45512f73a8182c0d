import type { EventTable } from '../event-table/event-table.ts';
import type { SiteClass } from './classify-call-sites.ts';
import { RowFlag, type ThreadContext } from './follow-threads.ts';
import { type HoldCollector, HoldEnd, HoldOrigin, NEVER } from './hold-collector.ts';
import { Confidence, type HoldTable } from './hold-table.ts';
import { inSteps } from './in-steps.ts';
import { type Claim, isLink, leastConfidence, type NamedHolder } from './name-holders.ts';

/** The hold table, and what of each hold only this layer needs. */
export interface BuiltHolds {
  readonly holds: HoldTable & { readonly holders: readonly NamedHolder[] };
  /** Per hold, in the table's order: Confidence at its start. */
  readonly claimed: Uint8Array;
  /** Per hold: from which row on its holder is doubtful, or one of a few. NEVER for no doubt. */
  readonly lowFrom: Int32Array;
  readonly mediumFrom: Int32Array;
  /** Per hold: HoldOrigin and HoldEnd. */
  readonly origin: Uint8Array;
  readonly end: Uint8Array;
  /** Per hold: row of the put that names its holder; −1 for none. */
  readonly putRow: Int32Array;
  /** Some event is known to be missing, so that the absence of a put means less. */
  readonly incomplete: boolean;
}

/** Holds in order of their first row: those from before the recording, then by row. One count, one pass. */
function sortByBegin(found: HoldCollector, rows: number): Int32Array {
  const next = new Int32Array(rows + 2);
  for (let hold = 0; hold < found.length; hold++) next[found.beginRow[hold]! + 2]!++;
  for (let row = 1; row < next.length; row++) next[row]! += next[row - 1]!;
  const order = new Int32Array(found.length);
  for (let hold = 0; hold < found.length; hold++) order[next[found.beginRow[hold]! + 1]!++] = hold;
  return order;
}

function isTransient(
  found: HoldCollector,
  hold: number,
  sites: readonly SiteClass[],
  table: EventTable,
  context: ThreadContext,
): boolean {
  if (found.origin[hold] !== HoldOrigin.get) return false;
  const begin = found.beginRow[hold]!;
  if ((context.flags[begin]! & RowFlag.failedLink) !== 0) return true;
  if (found.end[hold] !== HoldEnd.own) return false;
  const end = found.endRow[hold]!;
  const get = sites[table.callSite[begin]!]!;
  const put = sites[table.callSite[end]!]!;
  if (get.get.transient) return true;
  return context.open[begin]! >= 0 && context.open[begin] === context.open[end] && (put.bothSides || put.put.transient);
}

/** One open is one file of one task, whichever modules it takes; of a mount, its filesystem and its device are told apart. */
function isSameHolder(a: NamedHolder, b: NamedHolder): boolean {
  return a === b || (a.kind !== 'mount' && b.kind !== 'mount' && a.pid >= 0 && a.pid === b.pid && a.name === b.name);
}

/** Without its own put a hold rests on the put's absence, which means little where puts are missing. A link's is known. */
function mayHaveEndedUnseen(end: number, { holder }: Claim): boolean {
  return end !== HoldEnd.own && end !== HoldEnd.known && !isLink(holder);
}

function atMost(most: Confidence, claim: Claim): Claim {
  return claim.confidence <= most ? claim : { ...claim, confidence: most };
}

/** Puts the found holds in order, names their holders, and gives the holds of one open one holder. */
export function* buildHoldTable(
  table: EventTable,
  sites: readonly SiteClass[],
  context: ThreadContext,
  found: HoldCollector,
  nameHolder: (hold: number) => Claim,
  incomplete: boolean,
): Generator<void, BuiltHolds> {
  const order = sortByBegin(found, table.length);
  const { length } = order;
  const module = new Int32Array(length);
  const start = new Float64Array(length);
  const end = new Float64Array(length);
  const startRow = new Int32Array(length);
  const endRow = new Int32Array(length);
  const holder = new Int32Array(length);
  const confidence = new Uint8Array(length);
  const transient = new Uint8Array(length);
  const claimed = new Uint8Array(length);
  const lowFrom = new Int32Array(length);
  const mediumFrom = new Int32Array(length);
  const origins = new Uint8Array(length);
  const ends = new Uint8Array(length);
  const putRow = new Int32Array(length);
  const holders: NamedHolder[] = [];
  // The place of a holder: of each open its own; of pairs within one call, and of what belongs to no open, one for all.
  const shared = new Map<NamedHolder, number>();
  const placeOfOpen = new Int32Array(context.opens).fill(-1);

  yield* inSteps(0, length, (from, to) => {
    for (let hold = from; hold < to; hold++) {
      const number = order[hold]!;
      const named = nameHolder(number);
      const most = found.afterGuess[number] === 1 ? Confidence.low : Confidence.medium;
      const claim = incomplete && mayHaveEndedUnseen(found.end[number]!, named) ? atMost(most, named) : named;
      const begin = found.beginRow[number]!;
      const stop = found.endRow[number]!;
      const origin = found.origin[number]!;
      const how = found.end[number]!;
      module[hold] = found.module[number]!;
      start[hold] = begin < 0 ? Number.NEGATIVE_INFINITY : table.time[begin]!;
      end[hold] = stop === NEVER ? Number.POSITIVE_INFINITY : table.time[stop]!;
      startRow[hold] = origin === HoldOrigin.get || origin === HoldOrigin.loader ? begin : -1;
      endRow[hold] = stop === NEVER || how === HoldEnd.unseen ? -1 : stop;
      putRow[hold] = how === HoldEnd.own || how === HoldEnd.foreign || how === HoldEnd.known ? stop : -1;
      claimed[hold] = claim.confidence;
      confidence[hold] = leastConfidence(found, number, claim.confidence);
      lowFrom[hold] = found.lowFrom[number]!;
      mediumFrom[hold] = found.mediumFrom[number]!;
      origins[hold] = origin;
      ends[hold] = how;
      const passing = isTransient(found, number, sites, table, context);
      transient[hold] = passing ? 1 : 0;

      const open = origin === HoldOrigin.get && !passing ? context.open[begin]! : -1;
      const place = open < 0 ? -1 : placeOfOpen[open]!;
      if (place >= 0 && isSameHolder(holders[place]!, claim.holder)) holder[hold] = place;
      else if (open >= 0) {
        holder[hold] = holders.push(claim.holder) - 1;
        placeOfOpen[open] = holder[hold]!;
      } else {
        let common = shared.get(claim.holder);
        if (common === undefined) {
          common = holders.push(claim.holder) - 1;
          shared.set(claim.holder, common);
        }
        holder[hold] = common;
      }
    }
  });
  return {
    holds: { length, module, start, end, startRow, endRow, holder, confidence, transient, holders },
    claimed,
    lowFrom,
    mediumFrom,
    origin: origins,
    end: ends,
    putRow,
    incomplete,
  };
}
