import type { RecordingTime } from '../../shared/units.ts';
import { followedSpan, windowUpTo } from '../../shared/view-model/follow-window.ts';
import type { RecordingSummary } from '../../shared/view-model/recording-view.ts';
import type { TimeBounds } from '../../shared/view-model/time-scale.ts';
import type { GrowthEnd } from '../ingest/grow-recording.ts';
import type { Selected } from '../ingest/keep-selected.ts';
import { boundsOf } from './bounds-of.ts';
import type { InvestigationSlice } from './investigation-slice.ts';

/** How a recording comes whose text is still being written. */
export interface Growth {
  /** Events that have come, shown or not. */
  readonly arrived: number;
  /** Since when something waits to be shown, on the window's own clock; undefined while nothing does. */
  readonly waitingSince: number | undefined;
  /** A person froze the view. */
  readonly paused: boolean;
}

/** What there is to say of a growth that is over. */
export type GrowthEnding = Extract<GrowthEnd, { readonly kind: 'empty' | 'full' }>;

export interface GrowthState {
  /** Undefined when the open recording does not grow. */
  readonly growth: Growth | undefined;
  readonly ending: GrowthEnding | undefined;
  /**
   * How much time the timeline shows up to the latest event, which is then what every region speaks of; Infinity for
   * all of it, undefined while the view stays where it is.
   */
  readonly following: RecordingTime | undefined;
}

export interface GrowthSlice extends GrowthState {
  /** Goes up when a recording has grown: whatever was asked of it is asked again. */
  readonly revision: number;
  /** The recording that was just opened grows from now on. */
  beginGrowth(): void;
  countArrived(events: number): void;
  /**
   * The engine answers for what had come when it was asked, at `askedAt` of the window's clock. `asked` is what was
   * selected then, `selected` where that stands now.
   */
  growRecording(summary: RecordingSummary, selected: Selected, asked: Selected, askedAt: number): void;
  endGrowth(ending: GrowthEnding | undefined): void;
  pauseView(paused: boolean): void;
  /** Shows the latest event and goes on doing so. */
  followNow(): void;
  stopFollowing(): void;
}

/** What a recording that does not grow has of this. */
export const noGrowth: GrowthState = { growth: undefined, ending: undefined, following: undefined };

/** What is followed until a person chooses otherwise. Units: nanoseconds. */
const FOLLOWED_AT_FIRST: RecordingTime = 30_000_000_000;

/** What of an investigation stands at a time. */
type Placed = Pick<InvestigationSlice, 'markers' | 'notes' | 'notesBefore' | 'openedNote' | 'keptCommands'>;

interface Around extends GrowthSlice, Placed {
  readonly recording: Grown | undefined;
  readonly cursor: RecordingTime;
  readonly window: { readonly from: RecordingTime; readonly to: RecordingTime };
  readonly row: number | undefined;
  readonly hold: number | undefined;
}

interface Grown {
  readonly summary: RecordingSummary;
  readonly bounds: TimeBounds;
}

type Change = Partial<
  Pick<Around, 'revision' | 'growth' | 'ending' | 'following' | 'cursor' | 'window' | 'row' | 'hold' | keyof Placed>
>;

export function createGrowthSlice<Recording extends Grown>(
  set: (change: Change & { recording?: Recording }) => void,
  get: () => Around & { readonly recording: Recording | undefined },
): GrowthSlice {
  return {
    ...noGrowth,
    revision: 0,
    beginGrowth: () =>
      set({ growth: { arrived: 0, waitingSince: undefined, paused: false }, following: FOLLOWED_AT_FIRST }),
    countArrived: (arrived) => {
      const { growth, recording } = get();
      if (growth === undefined || recording === undefined || growth.arrived === arrived) return;
      set({ growth: { ...growth, arrived, waitingSince: growth.waitingSince ?? performance.now() } });
    },
    growRecording: (summary, selected, asked, askedAt) => {
      const { recording, growth, following, revision, row, hold } = get();
      if (recording === undefined) return;
      const bounds = boundsOf(summary);
      const waits = growth !== undefined && growth.arrived > summary.events;
      set({
        ...shiftTimes(get(), recording.summary, summary),
        ...(following === undefined ? {} : viewOfNow(following, summary, bounds)),
        recording: { ...recording, summary, bounds },
        revision: revision + 1,
        growth: growth && { ...growth, waitingSince: waits ? askedAt : undefined },
        // What was selected meanwhile was a place in tables that are gone.
        row: row === asked.row ? selected.row : undefined,
        hold: hold === asked.hold ? selected.hold : undefined,
      });
    },
    endGrowth: (ending) => set({ growth: undefined, following: undefined, ending }),
    pauseView: (paused) => {
      const { growth } = get();
      if (growth !== undefined) set({ growth: { ...growth, paused } });
    },
    followNow: () => {
      const { recording, growth, window } = get();
      if (recording === undefined || growth === undefined) return;
      const { summary, bounds } = recording;
      const whole = window.from <= bounds.start && window.to >= bounds.end;
      const following = whole ? Number.POSITIVE_INFINITY : window.to - window.from;
      set({ following, row: undefined, hold: undefined, ...viewOfNow(following, summary, bounds) });
    },
    stopFollowing: () => set({ following: undefined }),
  };
}

function viewOfNow(span: RecordingTime, { end, clock }: RecordingSummary, bounds: TimeBounds) {
  const followed = clock.unit === 'ticks' ? Number.POSITIVE_INFINITY : span;
  return { cursor: end, window: windowUpTo(end, followed, bounds) };
}

/** A late event may be earlier than the first: time zero is then another, and what a person set keeps its instant. */
function shiftTimes(
  { cursor, window, markers, notes, notesBefore, openedNote, keptCommands }: Around,
  before: RecordingSummary,
  now: RecordingSummary,
) {
  const shift = before.events === 0 ? 0 : Number(before.clock.start - now.clock.start);
  if (shift === 0) return {};
  const { a, b } = markers;
  const shifted = <Thing extends { readonly time: RecordingTime }>(thing: Thing) => ({
    ...thing,
    time: thing.time + shift,
  });
  return {
    cursor: cursor + shift,
    window: { from: window.from + shift, to: window.to + shift },
    markers: { ...(a === undefined ? {} : { a: a + shift }), ...(b === undefined ? {} : { b: b + shift }) },
    notes: notes.map(shifted),
    // Whatever is undone has its instant too.
    notesBefore: notesBefore.map((earlier) => earlier.map(shifted)),
    openedNote: openedNote && shifted(openedNote),
    keptCommands: keptCommands.map((command) => ({
      ...command,
      from: command.from + shift,
      until: command.until + shift,
    })),
  };
}

/** Whether a window that a person chose goes on following, and with what span. */
export function keepFollowing(
  { following, recording }: Pick<Around, 'following' | 'recording'>,
  window: Around['window'],
): RecordingTime | undefined {
  if (following === undefined || recording === undefined) return undefined;
  return followedSpan(window, recording.summary.end, recording.bounds);
}
