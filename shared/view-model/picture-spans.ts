import type { HoldTable } from '../analysis/hold-table.ts';
import { firstAbove, firstNotBelow, nextNotBelow } from '../bisect.ts';
import type { EventTable } from '../event-table/event-table.ts';
import type { CssPixels, IndexIntoHolds, RecordingTime } from '../units.ts';
import type { Lanes } from './assign-lanes.ts';
import { labelHolder } from './label-holder.ts';
import type { SpanPicture } from './recording-view.ts';
import { type TimeScale, timeToX, xToTime } from './time-scale.ts';

/** Holds that are narrower than this cannot be pointed at one by one. */
const THIN: CssPixels = 2;

/** Neighbours in one lane that are each too thin and less than a pixel apart. */
interface Block {
  readonly first: IndexIntoHolds;
  readonly last: IndexIntoHolds;
  readonly count: number;
  readonly x1: number;
}

/**
 * The spans of one module in one window. The work is bounded by pixels and lanes, not by holds: where holds are
 * too thin, those that begin in one column are found by bisection and drawn as one.
 *
 * @param accounted up to when it is known what is open: an open hold is drawn no further
 */
export function pictureSpans(
  table: EventTable,
  holds: HoldTable,
  { lanes }: Lanes,
  scale: TimeScale,
  maxLanes: number,
  accounted: RecordingTime = Number.POSITIVE_INFINITY,
): readonly SpanPicture[] {
  const spans: SpanPicture[] = [];
  for (const [lane, members] of lanes.slice(0, maxLanes).entries()) {
    const flush = (block: Block | undefined) => {
      if (block !== undefined) spans.push(block.count === 1 ? one(block.first, lane) : many(block, lane));
    };
    let block: Block | undefined;
    let place = firstNotBelow(holds.end, members, scale.from, 0, members.length);
    const stop = firstAbove(holds.start, members, scale.to, place, members.length);
    while (place < stop) {
      const hold = members[place]!;
      const x0 = timeToX(scale, holds.start[hold]!);
      if (isWide(hold)) {
        flush(block);
        block = undefined;
        spans.push(one(hold, lane));
        place++;
        continue;
      }
      let next = nextNotBelow(holds.start, members, xToTime(scale, x0 + 1), place + 1, stop);
      // Of those that begin in this column only the last can reach out of it.
      if (next > place + 1 && isWide(members[next - 1]!)) next--;
      const last = members[next - 1]!;
      const x1 = Math.max(x0 + 1, timeToX(scale, holds.end[last]!));
      if (block !== undefined && x0 - block.x1 < 1) block = { ...block, last, count: block.count + next - place, x1 };
      else {
        flush(block);
        block = { first: hold, last, count: next - place, x1 };
      }
      place = next;
    }
    flush(block);
  }
  return spans;

  function isWide(hold: IndexIntoHolds): boolean {
    return timeToX(scale, holds.end[hold]!) - timeToX(scale, holds.start[hold]!) >= THIN;
  }

  function one(hold: IndexIntoHolds, lane: number): SpanPicture {
    const row = holds.startRow[hold]!;
    const site = row < 0 ? -1 : table.callSite[row]!;
    const holder = holds.holders[holds.holder[hold]!]!;
    const span = many({ first: hold, last: hold, count: 1, x1: 0 }, lane);
    span.hold = hold;
    span.colour = holder.colour;
    span.label = labelHolder(holder);
    span.callSite = site < 0 ? '' : table.callSites[site]!.symbol;
    span.confidence = holds.confidence[hold]!;
    return span;
  }

  /** Its place is kept within a window's width of the window: enough to stretch it, and no endless number in a drawing. */
  function many(
    { first, last, count }: Block,
    lane: number,
  ): { -readonly [Field in keyof SpanPicture]: SpanPicture[Field] } {
    const start = holds.start[first]!;
    const end = holds.end[last]!;
    const x0 = Math.max(timeToX(scale, start), -scale.width);
    return {
      hold: -1,
      lane,
      x0,
      x1: Math.min(Math.max(timeToX(scale, Math.min(end, accounted)), x0 + 1), 2 * scale.width),
      opensBefore: start < scale.from,
      staysOpen: end > scale.to,
      start,
      end,
      colour: -1,
      label: count === 1 ? '' : `${count} holds`,
      callSite: '',
      confidence: -1,
      count,
    };
  }
}
