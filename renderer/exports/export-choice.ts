import { MOST_TRACKS } from '../../shared/export/choose-tracks.ts';
import type { ExportTheme } from '../../shared/export/export-themes.ts';
import type { Selection } from '../../shared/export/selection.ts';
import { moduleNodeId } from '../../shared/graph/holder-graph.ts';
import type { CssPixels } from '../../shared/units.ts';
import type { ExportJob } from '../ingest/export-job.ts';
import type { State } from '../state/store.ts';
import { arrangeTracks } from '../timeline/arrange-tracks.ts';
import { nameFile } from './save-file.ts';

export type ExportKind = 'timeline' | 'graph' | 'events' | 'holds' | 'perfetto' | 'report';
export type ExportForm = 'svg' | 'png' | 'csv' | 'json' | 'md';

/** What was chosen in the dialog. */
export interface ExportChoice {
  readonly kind: ExportKind;
  readonly form: ExportForm;
  /** `view`: the time and the tracks that are seen; `all`: everything. Of the graph: around the module, or all. */
  readonly part: 'view' | 'all';
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
    parts: ['The time in view, tracks that are shown', 'Everything'],
  },
  holds: {
    name: 'Holds',
    about: 'Who held which module from when to when, and how sure that is',
    forms: ['csv', 'json'],
    parts: ['The time in view, tracks that are shown', 'Everything'],
  },
  perfetto: {
    name: 'Perfetto trace',
    about: 'For ui.perfetto.dev and chrome://tracing',
    forms: ['json'],
    parts: ['The time in view, tracks that are shown', 'Everything'],
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

/** The job that a choice means for what the window shows now. */
export function describeJob(choice: ExportChoice, state: State, around: ExportSurroundings): ExportJob {
  const { recording, window, cursor, module, markers, notes, filterText } = state;
  const { width, sha256, passing } = around;
  if (recording === undefined) throw new Error('nothing is open that could be exported');
  const { bounds, summary } = recording;
  const shown = arrangeTracks(summary, state.tracks)
    .tracks.map((track) => track.module.module)
    .filter((one) => passing?.includes(one) ?? true);
  const look = { theme: choice.theme, scale: choice.scale };
  const seen = choice.part === 'view';
  const selection: Selection = seen
    ? // Without modules it is all of them, and requests too: so it stays where none is hidden.
      { modules: shown.length === summary.modules.length ? [] : shown, from: window.from, to: window.to }
    : { modules: [], from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  switch (choice.kind) {
    case 'timeline': {
      const { from, to } = seen ? window : { from: bounds.start, to: bounds.end };
      return { kind: 'timeline', modules: shown.slice(0, MOST_TRACKS), from, to, width, cursor, markers, notes, look };
    }
    case 'graph': {
      const centre = seen && module !== undefined ? moduleNodeId(module) : undefined;
      const hops = centre === undefined ? 'all' : 'auto';
      const query = { time: cursor, ended: false, centre, hops, expanded: [] } as const;
      return { kind: 'graph', query, filter: { text: seen ? filterText : '', modules: [] }, look };
    }
    case 'events':
    case 'holds':
      return { kind: choice.kind, form: choice.form === 'csv' ? 'csv' : 'json', selection };
    case 'perfetto':
      return { kind: 'perfetto', selection };
    case 'report':
      return { kind: 'report', modules: seen && module !== undefined ? [module] : [], at: cursor, notes, sha256 };
  }
}

export function nameExport({ kind, form }: ExportChoice, recording: string): string {
  return nameFile(recording, kind, form);
}
