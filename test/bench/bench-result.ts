/**
 * What `npm run bench -- --json` prints. A part that could not be measured, or was not asked for, is left out.
 *
 * Units: every `…Ms` is milliseconds of wall clock; of tools and reading the best of several runs, which is the one that
 * the rest of the machine disturbed least, else the median. `…MiB` is the peak of the process's resident memory, runtime
 * and code included.
 */
export interface BenchResult {
  readonly format: 1;
  readonly machine: Machine;
  readonly sizes: readonly SizeResult[];
  readonly graph: GraphResult | undefined;
  readonly snapshot: SnapshotBenchResult | undefined;
  /** Of an ordinary system and of an extreme one. */
  readonly looking: readonly LookingResult[];
  readonly growing: GrowingResult | undefined;
}

/** In a browser, while a scripted kernel is recorded. */
export interface GrowingResult {
  /** From the printing of a single event until it stands in the list. */
  readonly eventToScreenP50Ms: number;
  readonly eventToScreenP95Ms: number;
  /** Of the window's thread, at 10,000 events a second for ten seconds; below 50 ms the browser does not report it: 0. */
  readonly longestBlockMs: number;
  /** The same with many events there before. */
  readonly large: readonly LargeGrowingResult[];
}

/** From the printing of a single event until it stands in the list, and until it is accounted for. */
export interface LargeGrowingResult {
  readonly events: number;
  readonly rowP50Ms: number;
  readonly rowP95Ms: number;
  readonly accountedP50Ms: number;
  readonly accountedP95Ms: number;
}

/** A look at the running system, with so many processes and open files more than it had. */
export interface SnapshotBenchResult {
  readonly processes: number;
  readonly files: number;
  /** Processor time of the helper, and of `lsof -n`; undefined where it is not installed. */
  readonly helperCpuMs: number;
  readonly lsofCpuMs: number | undefined;
  /** From the helper's bytes to facts. */
  readonly readingMs: number;
  readonly bytes: number;
}

/** Looking again and again in a browser, with so much more on the system than there was. */
export interface LookingResult {
  readonly processes: number;
  readonly files: number;
  readonly mounts: number;
  readonly modules: number;
  /** From asking for a look until all that is shown is of it. */
  readonly lookMs: number;
  /** The longest task of the window's thread, and of the worker, in processor time. */
  readonly longestBlockMs: number;
  readonly longestPieceMs: number;
  /** A frame while one look follows the other: of scrolling the modules, and of typing into their search. */
  readonly scrollP95Ms: number;
  readonly typingP95Ms: number;
}

/** The holder graph of many modules, all of it. */
export interface GraphResult {
  readonly modules: number;
  /** In a process that never laid out a graph. */
  readonly layoutMs: number;
  /** In a browser, from asking for everything until it is painted; undefined where no browser was measured. */
  readonly shownMs: number | undefined;
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** Processes that wanted to run when the bench began: above 0.5 per core, all figures are too high. */
  readonly load: number;
  readonly system: string;
  readonly node: string;
  /** Undefined where no browser was measured. */
  readonly chromium: string | undefined;
}

/** One recording. */
export interface SizeResult {
  readonly events: number;
  readonly tools?: ToolsResult;
  /** `trace-cmd report` of a trace.dat with the same events; undefined where it is not installed. */
  readonly traceCmdMs?: number | undefined;
  readonly reading?: ReadingResult;
  readonly analysis?: AnalysisResult;
  readonly view?: ViewResult;
  readonly look?: LookResult;
  readonly opening?: OpeningResult;
  readonly gestures?: GesturesResult;
}

export interface ToolsResult {
  readonly fileBytes: number;
  readonly wcMs: number;
  /** `grep -c module_get`. */
  readonly grepMs: number;
  /** `grep -c systemd-logind`, as the search below. */
  readonly grepTaskMs: number;
}

export interface ReadingResult {
  readonly lines: number;
  /** In a new process each, file reading included. */
  readonly coldMs: number;
  /** In a process that has read the recording before. */
  readonly warmMs: number;
  readonly peakMiB: number;
  readonly tableBytesPerEvent: number;
}

export interface AnalysisResult {
  readonly ms: number;
  /** Of reading and analysis together. */
  readonly peakMiB: number;
  readonly holds: number;
  readonly holdBytesPerEvent: number;
}

/** What it costs to follow the recording while it is written, with all of its events there. */
export interface LookResult {
  /** A look at some lines more, and the answers for what is on the screen. */
  readonly ms: number;
  readonly answersMs: number;
  /** Accounting for everything, beside the looks. */
  readonly accountMs: number;
  readonly peakMiB: number;
}

/** Ten tracks of 1200 pixels: the first answer, which makes series and lanes, and those after it. */
export interface TracksResult {
  readonly firstMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

export interface ViewResult {
  readonly createMs: number;
  readonly summaryMs: number;
  readonly tracksFull: TracksResult;
  readonly tracksTenth: TracksResult;
  readonly tracksThousandth: TracksResult;
  readonly overviewMs: number;
  readonly detailMs: number;
  readonly accountingMs: number;
  readonly modulesAtMs: number;
  /** A filter of two words that was not asked before, and its first rows. */
  readonly filterMs: number;
  readonly scrollMs: number;
  /** A search that was not made before: how many hits it has, and which is the first. */
  readonly searchMs: number;
  /** Of the whole recording: the first time, and after that. */
  readonly statisticsFirstMs: number;
  readonly statisticsMs: number;
}

/** In a browser, over the loopback host. */
export interface OpeningResult {
  readonly chromium: string;
  /** From the start of the page until refcounts and rows are shown. */
  readonly shownMs: number;
  /** The same until every reference is accounted for and nothing is left to do. */
  readonly openMs: number;
  /** The longest time the window's thread was blocked while opening; below 50 ms the browser does not report it: 0. */
  readonly longestBlockMs: number;
}

/** In a browser, with ten tracks in view. */
export interface GesturesResult {
  readonly panP50Ms: number;
  readonly panP95Ms: number;
  readonly zoomP50Ms: number;
  readonly zoomP95Ms: number;
  /** Scrolling the list of events by five rows a frame. */
  readonly listP50Ms: number;
  readonly listP95Ms: number;
}
