import { type Clock, printTime } from '../event-table/clock.ts';
import { ABSENT, type SpanPicture, type TrackPicture } from './recording-view.ts';

/** Holders that are named; a screen shows no more lanes than are read. */
const MOST_NAMED = 12;

/**
 * What a track shows, in words, for who cannot see it: `drm: from 0 to 5 references, 4 at the end. Holds: vkms from
 * 102.160087, still; modprobe-1687 from 102.112 to 102.113. Lost events in one place: at least 3.`
 */
export function describeTrack(picture: TrackPicture, clock: Clock): string {
  return [`${picture.module}: ${describeReferences(picture)}.`, describeHolds(picture, clock), describeLosses(picture)]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function describeReferences({ steps }: TrackPicture): string {
  const { x, min, max, last, entry } = steps;
  const known = Array.from(min, (low, i) => [low, max[i]!]).flat();
  const counts = [entry, ...known].filter((count) => !Number.isNaN(count) && count !== ABSENT);
  if (counts.length === 0) return 'not loaded, or nothing is known yet';
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const end = x.length === 0 ? entry : last[x.length - 1]!;
  const range = least === most ? count(most) : `from ${least} to ${count(most)}`;
  if (end === ABSENT) return `${range}, unloaded at the end`;
  return least === most ? range : `${range}, ${end} at the end`;
}

function describeHolds({ spans, hiddenHolds }: TrackPicture, clock: Clock): string {
  const single = spans.filter(({ hold }) => hold >= 0);
  const blocks = spans.filter(({ hold }) => hold < 0).reduce((sum, block) => sum + block.count, 0);
  const named = single.slice(0, MOST_NAMED).map((span) => `${span.label} ${describePeriod(span, clock)}`);
  const more = single.length - named.length + blocks + hiddenHolds;
  if (named.length === 0) return more === 0 ? 'Nobody holds it.' : `${more} short holds.`;
  return `Holds: ${named.join('; ')}${more === 0 ? '' : `; and ${more} more`}.`;
}

function describePeriod({ start, end }: SpanPicture, clock: Clock): string {
  const from = start === Number.NEGATIVE_INFINITY ? 'from before the recording' : `from ${printTime(clock, start)}`;
  return end === Number.POSITIVE_INFINITY ? `${from}, still` : `${from} to ${printTime(clock, end)}`;
}

function describeLosses({ lost }: TrackPicture): string {
  if (lost.length === 0) return '';
  const known = lost.reduce((sum, { count: some }) => sum + some, 0);
  return `Lost events in ${lost.length === 1 ? 'one place' : `${lost.length} places`}: at least ${Math.max(known, lost.length)}.`;
}

function count(references: number): string {
  return `${references} ${references === 1 ? 'reference' : 'references'}`;
}
