import type { Accounting, ModuleStanding } from '../analysis/accounting.ts';
import type { Analysis } from '../analysis/analysis.ts';
import type { ConfidenceName, HolderKind } from '../analysis/hold-table.ts';
import type { ProcessNote } from '../event-table/process-note.ts';
import type { Recording } from '../event-table/recording.ts';
import type { Storm } from '../filter/find-storms.ts';
import type { Completion } from '../filter/suggest-completions.ts';
import type { GraphPicture, GraphQuery } from '../graph/holder-graph.ts';
import type { ChangeQuery } from '../statistics/count-change.ts';
import type { Change, RangeStatistics, StatisticsQuery } from '../statistics/statistics.ts';
import type { CssPixels, IndexIntoEvents, IndexIntoHolds, LineNumber, RecordingTime } from '../units.ts';
import type { Selection, SelectionCount } from './selection.ts';
import type { TimeScale } from './time-scale.ts';

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
  /** The whole recording in at most `columns` columns: events and holds that pass, and every loss. */
  overview(columns: number, filter: EventFilter): Overview;
  /** The selected module's refcount as at most `maxPoints` points, for a chart library. */
  detail(module: string, from: RecordingTime, to: RecordingTime, maxPoints: number): readonly DetailPoint[];
  eventCount(filter: EventFilter): number;
  /** Rows `first … first + count − 1` of the events that pass the filter. */
  eventRows(filter: EventFilter, first: number, count: number): readonly EventRow[];
  /** Where in the filtered list the last event at or before a time stands; −1 when none does. */
  eventPositionAt(filter: EventFilter, time: RecordingTime): number;
  /** Modules with an event that passes; undefined where the filter lets everything pass. */
  modulesPassing(filter: EventFilter): readonly string[] | undefined;
  /** What could be meant at the caret of a filter's text. */
  completions(text: string, caret: number): readonly Completion[];
  /** Call sites that drown the rest. */
  storms(): readonly Storm[];
  /** How many events a search finds, and which of them a row is: 0 for the first, −1 for none. */
  hits(search: EventSearch, row: IndexIntoEvents | undefined): HitCount;
  /** The hit behind a row, or behind a time where no row is selected, or before it; past the end it goes on at the other. */
  nextHit(search: EventSearch, from: SearchStart, by: 1 | -1): EventRow | undefined;
  /** CssPixels from the left edge of the columns that have hits. */
  hitMarks(search: EventSearch, scale: TimeScale): readonly CssPixels[];
  /** Which of some rows are hits. */
  hitRows(search: EventSearch, rows: readonly IndexIntoEvents[]): readonly IndexIntoEvents[];
  /** Who holds which module at a time, narrowed to the holds that pass. */
  holderGraph(query: GraphQuery, filter: EventFilter): GraphPicture;
  /** Of the events and holds that pass. */
  statistics(query: StatisticsQuery, filter: EventFilter): RangeStatistics;
  change(query: ChangeQuery, filter: EventFilter): Change;
  /** How many events and holds would be written of a selection. */
  countSelection(selection: Selection): SelectionCount;
  /** The event that stands on a line of the text; undefined where that line is none. */
  eventAtLine(line: LineNumber): EventRow | undefined;
  /** All that a tooltip says of one hold; undefined where there is none of that number. */
  holdFacts(hold: IndexIntoHolds): HoldFacts | undefined;
  /**
   * The hold of a module after (`by` 1) or before (−1) another, in order of their start; or, where none is given, the
   * first that starts after a time, or the last that started before it. Undefined where there is none.
   */
  stepHold(module: string, hold: IndexIntoHolds | undefined, time: RecordingTime, by: 1 | -1): HoldStep | undefined;
  rejectedLines(): Recording['rejected'];
  /** Who had a pid at a line of the text; undefined where nobody looked it up while it was recorded. */
  processOf(pid: number, line: LineNumber): ProcessFacts | undefined;
}

/** A process as it was while it was recorded. */
export interface ProcessFacts {
  readonly pid: number;
  /** Its name then, which the events may print otherwise. */
  readonly comm: string;
  /** Empty where it was forbidden to look. */
  readonly executable: string;
  /** Nearest first. */
  readonly parents: ProcessNote['parents'];
  readonly unit: string | undefined;
  readonly container: string | undefined;
  readonly user: number;
}

export interface RecordingSummary {
  readonly name: string;
  readonly dialect: string;
  readonly notices: readonly string[];
  readonly completeness?: NonNullable<Recording['completeness']>;
  readonly lines: Recording['lines'];
  readonly sleeps: Recording['sleeps'];
  readonly events: number;
  readonly lostEvents: number;
  /** True where some mark of loss gave no number, so `lostEvents` is a lower bound. */
  readonly lostAtLeast: boolean;
  readonly refcounts: Analysis['refcounts'];
  readonly clock: Recording['table']['clock'];
  readonly origin?: NonNullable<Recording['origin']>;
  /** RecordingTime of the last event; the first is 0. */
  readonly end: RecordingTime;
  /**
   * How many of the events are accounted for, and the time of the last of them. All of them in a recording that does not
   * grow; in one that does, whatever is said of holds and holders may be of a moment ago.
   */
  readonly accounted: { readonly events: number; readonly end: RecordingTime };
  readonly modules: readonly ModuleSummary[];
  /** Which module used which, at any time of the recording. */
  readonly links: readonly ModuleLink[];
  readonly findings: Analysis['findings'];
  readonly buffers: readonly string[];
  /** The buffer that was analysed. */
  readonly buffer: string;
  /** Bytes of the columns, for the curious. */
  readonly tableBytes: number;
}

/** One module that uses another, as lsmod's “Used by” says the other way round. */
export interface ModuleLink {
  readonly user: string;
  readonly used: string;
}

/** A hold on the way from one to the next. */
export interface HoldStep {
  readonly hold: IndexIntoHolds;
  /** As in `HoldFacts`. */
  readonly start: RecordingTime;
  readonly end: RecordingTime;
}

export interface ModuleSummary {
  readonly module: string;
  readonly events: number;
  /** Holds still open at the end, and how many of those no evidence explains. */
  readonly openHolds: number;
  readonly unexplained: number;
  /** The highest count of references, as in `TrackPicture`. */
  readonly maxReferences: number;
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
  /** Only holds whose get or put passes; without it all of them. The step line is the same for every filter. */
  readonly filter?: EventFilter;
}

/** In the place of a count of references: the module is not in the kernel, as after a free. */
export const ABSENT = -0x8000_0000;

/**
 * One module's track for one visible window.
 *
 * Units: references as lsmod counts them, which is the printed refcount without the kernel's base of one. On a kernel
 * whose printed number is no use count (`RecordingSummary.refcounts` is `per-cpu`), the holds known to be open.
 */
export interface TrackPicture {
  readonly module: string;
  /** The window that was asked for, so that the picture can be stretched until that of a newer window is there. */
  readonly from: RecordingTime;
  readonly to: RecordingTime;
  readonly width: CssPixels;
  /** The step line: one entry per column of pixels in which something happened, or one per event when few did. */
  readonly steps: {
    /** CssPixels from the left edge. */
    readonly x: Float32Array;
    /** References, or ABSENT where the module was gone all the time. */
    readonly min: Int32Array;
    readonly max: Int32Array;
    /** What the line must leave the column with. */
    readonly last: Int32Array;
    /** IndexIntoEvents of the last event of the entry. */
    readonly row: Int32Array;
    /** What it enters the window with; NaN where unknown or absent. */
    readonly entry: number;
  };
  /** In the whole recording, so that the scale stays while panning. */
  readonly maxReferences: number;
  readonly spans: readonly SpanPicture[];
  /** Lanes that the module needs in the whole recording, at most `maxLanes`; so the height stays while panning. */
  readonly lanes: number;
  /** Holds that overlap the window but have no lane. */
  readonly hiddenHolds: number;
  readonly lost: readonly LostPicture[];
}

/** Lost events: between the events of that CPU before and after them; never thinner than a pixel. */
export interface LostPicture {
  readonly x0: CssPixels;
  readonly x1: CssPixels;
  /** Sum of the counts given; 0 when none was. */
  readonly count: number;
}

export interface SpanPicture {
  /** IndexIntoHolds; −1 for a block of many holds that would each be too thin to point at. */
  readonly hold: number;
  readonly lane: number;
  readonly x0: CssPixels;
  readonly x1: CssPixels;
  /** The hold began before, or goes on after, what is visible; or never began or ended in the recording. */
  readonly opensBefore: boolean;
  readonly staysOpen: boolean;
  readonly start: RecordingTime;
  readonly end: RecordingTime;
  /** A small number to colour by; −1 for a block. */
  readonly colour: number;
  /** `systemd-logind-545`, `vkms`, or `12 holds` for a block. */
  readonly label: string;
  /** Empty where none is known. */
  readonly callSite: string;
  /** Confidence; −1 for a block. */
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

/** Units: references, as in `TrackPicture`; NaN where the module is absent or nothing is known yet. */
export interface DetailPoint {
  readonly time: RecordingTime;
  readonly min: number;
  readonly max: number;
  readonly last: number;
}

export interface EventFilter {
  /** A line of filter, as `shared/filter` reads it. */
  readonly text: string;
  /** Only these modules; empty for all. */
  readonly modules: readonly string[];
}

/** What is looked for, in the same words, among the events that pass a filter. */
export interface EventSearch {
  /** The filter's. */
  readonly text: string;
  readonly search: string;
}

/** Where a search goes on from. */
export interface SearchStart {
  readonly row: IndexIntoEvents | undefined;
  readonly time: RecordingTime;
}

export interface HitCount {
  readonly count: number;
  readonly place: number;
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
  /** Who that hold belongs to (`systemd-logind-545`), empty for none; and its colour, −1 for none. */
  readonly holder: string;
  readonly colour: number;
}

/** One hold in full. */
export interface HoldFacts {
  readonly module: string;
  readonly holder: string;
  readonly kind: HolderKind;
  readonly colour: number;
  readonly callSite: string;
  /** What it is for, in plain words. */
  readonly meaning: string;
  readonly confidence: ConfidenceName;
  /** −Infinity from before the recording; +Infinity while still open. */
  readonly start: RecordingTime;
  readonly end: RecordingTime;
  /** Of the get and of the put, as far as the recording has them. */
  readonly lines: readonly LineNumber[];
}
