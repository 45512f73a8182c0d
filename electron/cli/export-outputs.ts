import { dirname, relative } from 'node:path';
import type { Analysis } from '../../shared/analysis/analysis.ts';
import { standingsAt } from '../../shared/analysis/standings-at.ts';
import type { Recording } from '../../shared/event-table/recording.ts';
import { chooseTracks } from '../../shared/export/choose-tracks.ts';
import { drawHolderGraph } from '../../shared/export/draw-holder-graph.ts';
import { drawTimeline } from '../../shared/export/draw-timeline.ts';
import type { ExportTheme } from '../../shared/export/export-themes.ts';
import { printEventsCsv, printEventsJson } from '../../shared/export/print-events.ts';
import { printHoldsCsv, printHoldsJson } from '../../shared/export/print-holds.ts';
import { printPerfetto } from '../../shared/export/print-perfetto.ts';
import { printReport } from '../../shared/export/print-report.ts';
import { type Picture, printSvg } from '../../shared/export/print-svg.ts';
import { createHolderGraphs } from '../../shared/graph/create-holder-graphs.ts';
import { moduleNodeId } from '../../shared/graph/holder-graph.ts';
import type { RecordingTime } from '../../shared/units.ts';
import { createRecordingView } from '../../shared/view-model/create-recording-view.ts';
import { narrowRecording } from '../../shared/view-model/narrow-recording.ts';
import { orderTracks } from '../../shared/view-model/order-tracks.ts';
import { countSelection, EVERYTHING } from '../../shared/view-model/selection.ts';
import { timeBounds } from '../../shared/view-model/time-scale.ts';
import { rasteriseSvg } from './rasterise-svg.ts';
import { loadWindowFont, type WindowFont } from './window-font.ts';

/** What is exported, and how. */
export interface ExportJob {
  readonly name: string;
  readonly sha256: string;
  readonly recording: Recording;
  readonly analysis: Analysis;
  /** Empty where none were named. */
  readonly modules: readonly string[];
  /** Undefined for the recording's own ends. */
  readonly from: RecordingTime | undefined;
  readonly to: RecordingTime | undefined;
  /** A line of filter; empty for none. */
  readonly filter: string;
  /** Of a timeline for which no module was named. */
  readonly mostTracks: number;
  readonly theme: ExportTheme;
  readonly scale: number;
  /** The files asked for, by the name of their option. */
  readonly files: ReadonlyMap<string, string>;
  /** Tells what a person would not expect of a file. */
  readonly remark: (text: string) => void;
}

/** What a file is made of, or in a sentence why it cannot be made. */
export type Made = Iterable<string | Uint8Array> | { readonly refused: string };

/** Makes the content of a file; `path` is where it will lie. */
type Make = (job: ExportJob, path: string) => Made | Promise<Made>;

/**
 * Everything `modshark export` can write: an option, what of it is said in the usage, and a maker for each ending that a
 * file may have. An output is added by adding a line.
 */
export const outputs: Readonly<
  Record<string, { readonly about: string; readonly forms: Readonly<Record<string, Make>> }>
> = {
  timeline: {
    about: 'references and holds over time, as the window draws them',
    forms: {
      svg: (job, path) => makeSvg(job, timelineAt(path)),
      png: (job, path) => makePng(job, timelineAt(path)),
    },
  },
  graph: {
    about: 'who holds which module at --to, or at the end',
    forms: {
      svg: (job) => makeSvg(job, graph),
      png: (job) => makePng(job, graph),
    },
  },
  events: {
    about: 'every event',
    forms: {
      csv: (job, path) => printEventsCsv(job.analysis, selectFor(job, path, 'events')),
      json: (job, path) => printEventsJson(job.name, job.analysis, selectFor(job, path, 'events')),
    },
  },
  holds: {
    about: 'every hold: who held which module from when to when',
    forms: {
      csv: (job, path) => printHoldsCsv(job.analysis, selectFor(job, path, 'holds')),
      json: (job, path) => printHoldsJson(job.name, job.analysis, selectFor(job, path, 'holds')),
    },
  },
  perfetto: {
    about: 'a trace for ui.perfetto.dev',
    forms: { json: (job, path) => printPerfetto(job.name, job.analysis, selectFor(job, path, 'events')) },
  },
  report: {
    about: 'who holds the modules, with the evidence, for a bug report or a mail',
    forms: { md: (job, path) => [report(job, path)] },
  },
};

const WIDTH = 1280;
const MOST_LANES = 24;
/** More a side, or in all, and few programs open the picture. */
const LARGEST_SIDE = 32_767;
const MOST_PIXELS = 2 ** 27;

const timelineAt =
  (path: string): Draw =>
  ({ name, recording, analysis, modules, from, to, filter, mostTracks, remark }, font) => {
    const view = createRecordingView(name, recording, analysis);
    const { clock, end, modules: summaries } = view.summary();
    const bounds = timeBounds(end, clock.unit === 'ticks' ? 1 : 10 ** (9 - clock.digits));
    const passing = view.modulesPassing({ text: filter, modules: [] });
    const known = orderTracks(summaries)
      .map(({ module }) => module)
      .filter((module) => passing?.includes(module) ?? true);
    const tracks = modules.length > 0 ? { modules, leftOut: 0 } : chooseTracks(known, mostTracks);
    if (tracks.leftOut > 0)
      remark(`${path} shows ${tracks.modules.length} of ${known.length} tracks; --tracks all shows every one.`);
    return drawTimeline(view, {
      ...tracks,
      filter,
      from: from ?? bounds.start,
      to: to ?? bounds.end,
      width: WIDTH,
      maxLanes: MOST_LANES,
      measureText: font.measureText,
    });
  };

/** Around the module that is named, where it is one; else everything. */
function graph({ name, analysis, modules, to, filter }: ExportJob, font: WindowFont): Picture {
  const { table } = analysis;
  const end = table.time[table.length - 1]!;
  const [only, ...more] = modules;
  const centre = only === undefined || more.length > 0 ? undefined : moduleNodeId(only);
  const query = {
    time: Math.min(to ?? end, end),
    ended: false,
    centre,
    hops: centre === undefined ? 'all' : 'auto',
    expanded: [],
  } as const;
  const passing = narrowRecording(analysis, { text: filter, modules: [] });
  const picture = createHolderGraphs(analysis).at(query, passing?.passes);
  const selected = new Set(modules.map(moduleNodeId));
  return drawHolderGraph(picture, { name, clock: table.clock, selected, measureText: font.measureText });
}

type Draw = (job: ExportJob, font: WindowFont) => Picture;

function makeSvg(job: ExportJob, draw: Draw): Made {
  const font = loadWindowFont();
  return [printSvg(draw(job, font), { theme: job.theme, scale: job.scale, font: font.face })];
}

/** A picture as PNG of exactly its size times the scale. */
async function makePng(job: ExportJob, draw: Draw): Promise<Made> {
  const font = loadWindowFont();
  const picture = draw(job, font);
  const [width, height] = [Math.round(picture.width * job.scale), Math.round(picture.height * job.scale)];
  if (Math.max(width, height) > LARGEST_SIDE || width * height > MOST_PIXELS)
    return {
      refused: `would be ${width} × ${height} pixels; name fewer modules with --module, ask for fewer with --tracks, or write an SVG.`,
    };
  return [await rasteriseSvg(printSvg(picture, { theme: job.theme, scale: job.scale }), font)];
}

/** The rows of a file, and where a filter leaves some out, how many they are. */
function selectFor({ analysis, modules, from, to, filter, remark }: ExportJob, path: string, of: 'events' | 'holds') {
  const selection = { modules, from: from ?? EVERYTHING.from, to: to ?? EVERYTHING.to, filter };
  if (filter !== '') {
    const all = of === 'events' ? analysis.table.length : analysis.holds.length;
    remark(`${path} has ${countSelection(analysis, selection)[of]} of ${all} ${of}, which pass the filter.`);
  }
  return selection;
}

function report(job: ExportJob, path: string): string {
  const { name, sha256, recording, analysis, files } = job;
  const { table } = analysis;
  const end = table.time[table.length - 1]!;
  const at = Math.min(job.to ?? end, end);
  const held = standingsAt(analysis, at).filter(({ lsmod, unexplained }) => (lsmod ?? 0) > 0 || (unexplained ?? 0) > 0);
  const picture = files.get('timeline');
  return printReport(recording, analysis, {
    name,
    sha256,
    modules: job.modules.length > 0 ? job.modules : held.map(({ module }) => module),
    at,
    picture: picture === undefined ? undefined : relative(dirname(path), picture),
    notes: [],
    commands: [],
  });
}
