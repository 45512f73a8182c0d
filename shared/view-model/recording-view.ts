import type { Accounting, ModuleStanding } from '../analysis/accounting.ts';
import type { Analysis } from '../analysis/analysis.ts';
import type { Recording } from '../event-table/recording.ts';
import type { CssPixels, RecordingTime } from '../units.ts';

/**
 * What a window may ask of a recording. It lives beside the columns (in a worker), and every answer is sized by what
 * is on the screen, never by the recording. All answers are plain data that structured clone can carry.
 */
export interface RecordingView {
  summary(): RecordingSummary;
  /** Every module of the recording at a time, sorted by name. */
  modulesAt(time: RecordingTime): readonly ModuleStanding[];
  accountingAt(module: string, time: RecordingTime): Accounting;
  /** What the visible part of the track stack needs. */
  tracks(query: TrackQuery): readonly TrackPicture[];
  /** The whole recording in at most `columns` columns. */
  overview(columns: number): Overview;
  /** The selected module's refcount as at most `maxPoints` points, for a chart library. */
  detail(module: string, from: RecordingTime, to: RecordingTime, maxPoints: number): readonly DetailPoint[];
  eventCount(filter: EventFilter): number;
  /** Rows `first … first + count − 1` of the events that pass the filter. */
  eventRows(filter: EventFilter, first: number, count: number): readonly EventRow[];
  /** Where in the filtered list the last event at or before a time stands; −1 when none does. */
  eventPositionAt(filter: EventFilter, time: RecordingTime): number;
  rejectedLines(): Recording['rejected'];
}

export interface RecordingSummary {
  readonly name: string;
  readonly dialect: string;
  readonly notices: readonly string[];
  readonly lines: Recording['lines'];
  readonly events: number;
  readonly lostEvents: number;
  /** True where some mark of loss gave no number, so `lostEvents` is a lower bound. */
  readonly lostAtLeast: boolean;
  readonly refcounts: Analysis['refcounts'];
  readonly clock: Recording['table']['clock'];
  /** RecordingTime of the last event; the first is 0. */
  readonly end: RecordingTime;
  readonly modules: readonly ModuleSummary[];
  readonly findings: Analysis['findings'];
  readonly buffers: readonly string[];
  /** The buffer that was analysed. */
  readonly buffer: string;
  /** Bytes of the columns, for the curious. */
  readonly tableBytes: number;
}

export interface ModuleSummary {
  readonly module: string;
  readonly events: number;
  /** Holds still open at the end, and how many of those no evidence explains. */
  readonly openHolds: number;
  readonly unexplained: number;
  readonly maxRefcount: number;
  readonly firstTime: RecordingTime;
  readonly lastTime: RecordingTime;
}

export interface TrackQuery {
  readonly modules: readonly string[];
  readonly from: RecordingTime;
  readonly to: RecordingTime;
  readonly width: CssPixels;
  /** Lanes of holds drawn per module at most; what does not fit is counted in `hiddenHolds`. */
  readonly maxLanes: number;
}

/** One module's track for one visible window. */
export interface TrackPicture {
  readonly module: string;
  /** The refcount line: one entry per column of pixels in which something happened, or one per event when few did. */
  readonly steps: {
    /** CssPixels from the left edge. */
    readonly x: Float32Array;
    readonly min: Int32Array;
    readonly max: Int32Array;
    /** What the line must leave the column with. */
    readonly last: Int32Array;
    /** What it enters the window with; NaN where unknown or absent. */
    readonly entry: number;
  };
  readonly maxRefcount: number;
  readonly spans: readonly SpanPicture[];
  readonly lanes: number;
  readonly hiddenHolds: number;
  /** Lost events: [from, to] in CssPixels, never thinner than a pixel. */
  readonly lost: readonly { readonly x0: CssPixels; readonly x1: CssPixels; readonly count: number }[];
}

export interface SpanPicture {
  /** IndexIntoHolds; −1 for a block of many holds that would each be thinner than a pixel. */
  readonly hold: number;
  readonly lane: number;
  readonly x0: CssPixels;
  readonly x1: CssPixels;
  /** The hold began before, or goes on after, what is visible; or never began or ended in the recording. */
  readonly opensBefore: boolean;
  readonly staysOpen: boolean;
  readonly start: RecordingTime;
  readonly end: RecordingTime;
  readonly colour: number;
  readonly label: string;
  readonly callSite: string;
  readonly confidence: number;
  /** Holds drawn by this span: 1, or more for a block. */
  readonly count: number;
}

export interface Overview {
  /** Per column: RecordingTime of its left edge, events in it, holds open at its end, and lost events (0 for none). */
  readonly columns: readonly {
    readonly time: RecordingTime;
    readonly events: number;
    readonly open: number;
    readonly lost: number;
  }[];
}

export interface DetailPoint {
  readonly time: RecordingTime;
  readonly min: number;
  readonly max: number;
  readonly last: number;
}

export interface EventFilter {
  /** Words that must all occur in module, task, pid, event, call site or alias; case does not matter. */
  readonly text: string;
  /** Only these modules; empty for all. */
  readonly modules: readonly string[];
}

/** One event as the list shows it. */
export interface EventRow {
  readonly row: number;
  readonly line: number;
  readonly time: RecordingTime;
  readonly cpu: number;
  readonly task: string;
  readonly pid: number;
  readonly taskInferred: boolean;
  readonly event: 'load' | 'free' | 'get' | 'put' | 'request';
  readonly module: string;
  readonly callSite: string;
  readonly refcount: number | undefined;
  /** Taints of a load, alias and wait of a request. */
  readonly detail: string;
  readonly stack: readonly string[];
  /** IndexIntoHolds of the hold that this event opens or closes; −1 for none. */
  readonly hold: number;
}
