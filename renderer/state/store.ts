import { create } from 'zustand';
import type { HostClient } from '../../shared/ipc/client.ts';
import { defaultSettings, type Settings, type TraceOffer } from '../../shared/ipc/contract.ts';
import type { Problem } from '../../shared/problem.ts';
import type { Session } from '../../shared/session/session.ts';
import type { RecordingTime } from '../../shared/units.ts';
import type { EventRow, RecordingSummary } from '../../shared/view-model/recording-view.ts';
import { clampScale, reveal, type TimeBounds, type TimeScale } from '../../shared/view-model/time-scale.ts';
import type { ConnectedPresent } from '../ingest/connect-present.ts';
import type { ExportJob } from '../ingest/export-job.ts';
import { markChanged } from './activity.ts';
import { type CaptureSlice, createCaptureSlice } from './capture-slice.ts';
import { createGrowthSlice, type GrowthSlice, keepFollowing, noGrowth } from './growth-slice.ts';
import { createInvestigationSlice, freshInvestigation, type InvestigationSlice } from './investigation-slice.ts';
import { createPresentSlice, type PresentSlice } from './present-slice.ts';
import type { RecordingEngine } from './recording-engine.ts';
import { createTerminalSlice, type TerminalSlice } from './terminal-slice.ts';
import { noTracefs, type TracefsSlice } from './tracefs-slice.ts';

const prefersDark = matchMedia('(prefers-color-scheme: dark)');

/** The part of the recording that the timeline shows. */
export type VisibleWindow = Pick<TimeScale, 'from' | 'to'>;

/** A recording that is open, and the engine that answers for it. */
export interface OpenRecording {
  /** Tells one opening from the next, in the keys of what was asked. */
  readonly id: number;
  /** Ends the worker that holds it, and `closed` tells whoever waits for an answer. */
  readonly close: () => void;
  readonly closed: AbortSignal;
  readonly engine: RecordingEngine;
  /** Has the engine answer for another trace buffer from now on. */
  readonly chooseBuffer: (buffer: string) => Promise<RecordingSummary>;
  /** Makes a file of it; undefined when the signal stopped it. */
  readonly makeExport: (
    job: ExportJob,
    onProgress: (bytes: number) => void,
    signal: AbortSignal,
  ) => Promise<Blob | undefined>;
  /** The part of its worker that knows the running system. */
  readonly present: ConnectedPresent;
  /** The host's name for its file; undefined for a file that the browser gave. */
  readonly ticket: string | undefined;
  /** The file itself, where the browser gave it. */
  readonly file: File | undefined;
  /** The host's number of the recording that it makes or made, where it is one. */
  readonly capture?: number;
  readonly summary: RecordingSummary;
  /** What the timeline may show of it. */
  readonly bounds: TimeBounds;
}

/** An opening under way; the recording before it stays until this one is complete. */
export interface Opening {
  readonly name: string;
  readonly totalBytes: number | undefined;
  readonly bytes: number;
  readonly lines: number;
  readonly events: number;
  readonly analysing: boolean;
  /** The recording is shown already, and its accounting follows. */
  readonly shown: boolean;
  readonly cancel: () => void;
}

interface HostSlice {
  /** Undefined while the host is being found, and where there is none. */
  readonly host: HostClient | undefined;
  readonly canChoose: boolean;
  readonly offers: readonly TraceOffer[];
  showHost(host: HostClient, canChoose: boolean): void;
  showOffers(offers: readonly TraceOffer[]): void;
}

interface RecordingSlice {
  readonly recording: OpenRecording | undefined;
  readonly opening: Opening | undefined;
  readonly problem: Problem | undefined;
  /** Tries again what the problem is of, where that may help. */
  readonly tryAgain: (() => void) | undefined;
  showRecording(recording: OpenRecording, module: string | undefined): void;
  showOpening(opening: Opening | undefined): void;
  showProblem(problem: Problem | undefined, tryAgain?: () => void): void;
  /** Back to the system as it is now, where that was shown, else to the start screen. */
  closeRecording(): void;
  showStart(): void;
}

interface SelectionSlice {
  readonly module: string | undefined;
  /** The instant that every region speaks of. */
  readonly cursor: RecordingTime;
  /** IndexIntoHolds; undefined for none. */
  readonly hold: number | undefined;
  /** IndexIntoEvents; undefined for none. */
  readonly row: number | undefined;
  selectModule(module: string): void;
  /** Sets the cursor and forgets the event and the hold that were selected. */
  moveCursor(cursor: RecordingTime): void;
  selectHold(module: string, hold: number, cursor: RecordingTime): void;
  selectEvent(event: EventRow): void;
}

interface WindowSlice {
  readonly window: VisibleWindow;
  showWindow(window: VisibleWindow): void;
}

interface SettingsSlice {
  /** What the desktop asks for, where the settings leave it to the desktop. */
  readonly systemIsDark: boolean;
  readonly settings: Settings;
  changeSettings(settings: Partial<Settings>): void;
}

/** What the region below can show; see `renderer/layout/lower-tabs.ts`. */
export type LowerTabId = 'events' | 'chart' | 'graph' | 'statistics' | 'terminal' | 'tracefs';

interface LowerSlice {
  readonly tab: LowerTabId;
  /** What events, tracks and graph are narrowed by. */
  readonly filterText: string;
  readonly onlySelected: boolean;
  showTab(tab: LowerTabId): void;
  filterEvents(text: string): void;
  showOnlySelected(only: boolean): void;
}

interface SearchSlice {
  readonly searchOpen: boolean;
  /** Stays while the search is closed, to be taken up again. */
  readonly searchText: string;
  showSearch(open: boolean): void;
  searchFor(text: string): void;
}

interface SessionSlice {
  /** A session that waits for its recording to be found, and where that was. */
  readonly wanted: { readonly session: Session; readonly path: string | undefined } | undefined;
}

interface DialogSlice {
  /** The dialog that is open over the window. */
  readonly dialog: 'help' | 'about' | 'palette' | 'export' | 'notes' | undefined;
  showDialog(dialog: DialogSlice['dialog']): void;
}

export type State = HostSlice &
  RecordingSlice &
  SelectionSlice &
  WindowSlice &
  SettingsSlice &
  LowerSlice &
  SearchSlice &
  InvestigationSlice &
  GrowthSlice &
  PresentSlice &
  CaptureSlice &
  TracefsSlice &
  TerminalSlice &
  SessionSlice &
  DialogSlice & {
    /** The nearest time that the recording can print. */
    printableTime(time: RecordingTime): RecordingTime;
  };

/** All that the window remembers; what is shown follows from it and from the engine's answers. */
export const useStore = create<State>()((set, get) => ({
  host: undefined,
  canChoose: false,
  offers: [],
  showHost: (host, canChoose) => set({ host, canChoose }),
  showOffers: (offers) => set({ offers }),

  recording: undefined,
  opening: undefined,
  problem: undefined,
  tryAgain: undefined,
  showRecording: (recording, module) => {
    const another = get().recording?.engine !== recording.engine;
    if (another) get().recording?.close();
    set({
      ...(another ? { ...freshInvestigation, ...noGrowth } : {}),
      // Who looks at now goes on doing so while this system is recorded.
      moment: another && recording.capture === undefined ? 'cursor' : get().moment,
      recording,
      module,
      opening: undefined,
      problem: undefined,
      tryAgain: undefined,
      hold: undefined,
      row: undefined,
      cursor: recording.summary.end,
      window: wholeOf(recording.bounds),
      filterText: '',
      onlySelected: false,
      searchOpen: false,
      searchText: '',
    });
  },
  showOpening: (opening) => set({ opening }),
  showProblem: (problem, tryAgain) => set({ problem, tryAgain }),
  closeRecording: () => {
    get().recording?.close();
    const { presentOpen, module } = get();
    set({
      ...noGrowth,
      recording: undefined,
      module: presentOpen ? module : undefined,
      hold: undefined,
      row: undefined,
      moment: presentOpen ? 'now' : 'cursor',
    });
  },
  showStart: () => {
    get().closeRecording();
    set({ presentOpen: false });
  },

  module: undefined,
  cursor: 0,
  hold: undefined,
  row: undefined,
  selectModule: (module) => {
    if (module !== get().module) set({ module, hold: undefined, row: undefined });
  },
  moveCursor: (cursor) =>
    set({ cursor: clampTo(get(), cursor), hold: undefined, row: undefined, following: undefined }),
  selectHold: (module, hold, cursor) =>
    set({ module, hold, row: undefined, cursor: clampTo(get(), cursor), following: undefined }),
  selectEvent: (event) => {
    const { recording, window } = get();
    if (recording === undefined) return;
    set({
      row: event.row,
      cursor: event.time,
      following: undefined,
      hold: event.hold >= 0 ? event.hold : undefined,
      ...(event.module === '' ? {} : { module: event.module }),
      window: withoutWidth(reveal({ ...window, width: 1 }, event.time, recording.bounds)),
    });
  },

  window: { from: 0, to: 1 },
  showWindow: (window) => {
    const { recording } = get();
    if (recording === undefined) return;
    const shown = withoutWidth(clampScale({ ...window, width: 1 }, recording.bounds));
    set({ window: shown, following: keepFollowing(get(), shown) });
  },

  ...createInvestigationSlice(set, get),
  ...createGrowthSlice(set, get),
  ...createPresentSlice(set, get),
  ...createTerminalSlice(set, get),
  ...createCaptureSlice(set, get),
  ...noTracefs,
  printableTime: (time) => {
    const clock = get().recording?.summary.clock;
    const step = clock === undefined || clock.unit === 'ticks' ? 1 : 10 ** (9 - clock.digits);
    return Math.round(clampTo(get(), time) / step) * step;
  },

  wanted: undefined,

  dialog: undefined,
  showDialog: (dialog) => set({ dialog }),

  systemIsDark: prefersDark.matches,
  settings: defaultSettings,
  changeSettings: (settings) => set({ settings: { ...get().settings, ...settings } }),

  tab: 'events',
  filterText: '',
  onlySelected: false,
  showTab: (tab) => set({ tab }),
  filterEvents: (filterText) => set({ filterText }),
  showOnlySelected: (onlySelected) => set({ onlySelected }),

  searchOpen: false,
  searchText: '',
  showSearch: (searchOpen) => set({ searchOpen }),
  searchFor: (searchText) => set({ searchText }),
}));

/** The window that shows everything. */
export function wholeOf(bounds: TimeBounds): VisibleWindow {
  return { from: bounds.start, to: bounds.end };
}

function withoutWidth({ from, to }: TimeScale): VisibleWindow {
  return { from, to };
}

function clampTo({ recording }: State, time: RecordingTime): RecordingTime {
  if (recording === undefined) return 0;
  return Math.min(Math.max(time, recording.bounds.start), recording.bounds.end);
}

useStore.subscribe(markChanged);
// By the event and not by asking: asked between two events it may have changed already, and then nobody is told.
prefersDark.addEventListener('change', ({ matches }) => useStore.setState({ systemIsDark: matches }));
