import { type ChosenTracks, chooseTracks, MOST_TRACKS } from '../../shared/export/choose-tracks.ts';
import type { ExportTheme } from '../../shared/export/export-themes.ts';
import { moduleNodeId } from '../../shared/graph/holder-graph.ts';
import type { CssPixels } from '../../shared/units.ts';
import type { RecordingSummary } from '../../shared/view-model/recording-view.ts';
import { EVERYTHING, type Selection } from '../../shared/view-model/selection.ts';
import type { ExportJob } from '../ingest/export-job.ts';
import type { State } from '../state/store.ts';
import { recordedCommands } from '../terminal/recorded-commands.ts';
import { arrangeTracks } from '../timeline/arrange-tracks.ts';
import { nameFile } from './save-file.ts';

export type ExportKind = 'timeline' | 'graph' | 'events' | 'holds' | 'perfetto' | 'report';
export type ExportForm = 'svg' | 'png' | 'csv' | 'json' | 'md';

/** Ways in which the window narrows what it shows, each of which may hold for a table too. */
export type RowNarrowing = 'time' | 'tracks' | 'filter';

/** What was chosen in the dialog. */
export interface ExportChoice {
  readonly kind: ExportKind;
  readonly form: ExportForm;
  /** `view`: the time that is seen; `all`: the whole recording. Of the graph: around the module, or all. */
  readonly part: 'view' | 'all';
  /** Of a timeline: its first tracks, or every one that is shown. */
  readonly tracks: 'first' | 'all';
  /** What rows are narrowed by. */
  readonly by: Readonly<Record<RowNarrowing, boolean>>;
  readonly theme: ExportTheme;
  readonly scale: number;
}

/** What can be exported, in what forms, and what of it. */
export const exportKinds: Readonly<
  Record<
    ExportKind,
    {
      readonly name: string;
      readonly about: string;
      readonly forms: readonly ExportForm[];
      /** Empty where rows are narrowed in ways of their own. */
      readonly parts: readonly string[];
    }
  >
> = {
  timeline: {
    name: 'Timeline',
    about: 'References and their holders over time, as the window draws them',
    forms: ['svg', 'png'],
    parts: ['The time in view', 'The whole recording'],
  },
  graph: {
    name: 'Holder graph',
    about: 'Who holds which module at the cursor',
    forms: ['svg', 'png'],
    parts: ['Around the selected module', 'Every module'],
  },
  events: {
    name: 'Events',
    about: 'Every event with its line, task, call site and stack',
    forms: ['csv', 'json'],
    parts: [],
  },
  holds: {
    name: 'Holds',
    about: 'Who held which module from when to when, and how sure that is',
    forms: ['csv', 'json'],
    parts: [],
  },
  perfetto: {
    name: 'Perfetto trace',
    about: 'For ui.perfetto.dev and chrome://tracing',
    forms: ['json'],
    parts: [],
  },
  report: {
    name: 'Report',
    about: 'Who holds it at the cursor, with the evidence and the notes, for a bug report or a mail',
    forms: ['md'],
    parts: ['The selected module', 'Every module that is held'],
  },
};

/** What a job depends on that is not in the store. */
export interface ExportSurroundings {
  /** Of the tracks on the screen. */
  readonly width: CssPixels;
  /** Of the recording's file; undefined where nobody asked, or knows. */
  readonly sha256: string | undefined;
  /** The modules that the filter lets pass; undefined for all. */
  readonly passing: readonly string[] | undefined;
}

/** The tracks that the window shows whatever its filter says, from top to bottom. */
function arrangedTracks(state: State, summary: RecordingSummary): readonly string[] {
  return arrangeTracks(summary, state.tracks).tracks.map((track) => track.module.module);
}

/** The tracks of a timeline, and how many of those that are shown it leaves out. */
export function tracksOfPicture(
  { tracks }: Pick<ExportChoice, 'tracks'>,
  state: State,
  passing: readonly string[] | undefined,
): ChosenTracks {
  const shown =
    state.recording === undefined
      ? []
      : arrangedTracks(state, state.recording.summary).filter((one) => passing?.includes(one) ?? true);
  return chooseTracks(shown, tracks === 'all' ? shown.length : MOST_TRACKS);
}

/** The rows that a choice means. */
export function describeSelection({ by }: Pick<ExportChoice, 'by'>, state: State): Selection {
  const { recording, window, filterText } = state;
  if (recording === undefined) return EVERYTHING;
  const shown = arrangedTracks(state, recording.summary);
  return {
    // Without modules it is all of them, and requests too: so it stays where none is hidden.
    modules: by.tracks && shown.length < recording.summary.modules.length ? shown : [],
    from: by.time ? window.from : EVERYTHING.from,
    to: by.time ? window.to : EVERYTHING.to,
    filter: by.filter ? filterText : '',
  };
}

/** The job that a choice means for what the window shows now. */
export function describeJob(choice: ExportChoice, state: State, around: ExportSurroundings): ExportJob {
  const { recording, window, cursor, module, markers, notes, filterText } = state;
  const { width, sha256, passing } = around;
  if (recording === undefined) throw new Error('nothing is open that could be exported');
  const { bounds } = recording;
  const commands = recordedCommands(state);
  const look = { theme: choice.theme, scale: choice.scale };
  const seen = choice.part === 'view';
  switch (choice.kind) {
    case 'timeline': {
      const { from, to } = seen ? window : { from: bounds.start, to: bounds.end };
      const tracks = tracksOfPicture(choice, state, passing);
      return {
        kind: 'timeline',
        ...tracks,
        filter: filterText,
        from,
        to,
        width,
        cursor,
        markers,
        notes,
        commands,
        look,
      };
    }
    case 'graph': {
      const centre = seen && module !== undefined ? moduleNodeId(module) : undefined;
      const hops = centre === undefined ? 'all' : 'auto';
      const query = { time: cursor, ended: false, centre, hops, expanded: [] } as const;
      return { kind: 'graph', query, filter: { text: seen ? filterText : '', modules: [] }, look };
    }
    case 'events':
    case 'holds': {
      const form = choice.form === 'csv' ? 'csv' : 'json';
      return { kind: choice.kind, form, selection: describeSelection(choice, state) };
    }
    case 'perfetto':
      return { kind: 'perfetto', selection: describeSelection(choice, state) };
    case 'report':
      return {
        kind: 'report',
        modules: seen && module !== undefined ? [module] : [],
        at: cursor,
        notes,
        commands,
        sha256,
      };
  }
}

/** The name that is proposed for the file. */
export function nameExport({ kind, form }: ExportChoice, recording: string): string {
  return nameFile(recording, kind, form);
}
