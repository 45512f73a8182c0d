import type { Analysis } from '../../shared/analysis/analysis.ts';
import { standingsAt } from '../../shared/analysis/standings-at.ts';
import type { Recording } from '../../shared/event-table/recording.ts';
import { drawHolderGraph } from '../../shared/export/draw-holder-graph.ts';
import { drawTimeline, GUTTER } from '../../shared/export/draw-timeline.ts';
import { printEventsCsv, printEventsJson } from '../../shared/export/print-events.ts';
import { printHoldsCsv, printHoldsJson } from '../../shared/export/print-holds.ts';
import { printPerfetto } from '../../shared/export/print-perfetto.ts';
import { printReport } from '../../shared/export/print-report.ts';
import { printSvg } from '../../shared/export/print-svg.ts';
import type { RecordingView } from '../../shared/view-model/recording-view.ts';
import type { ExportJob } from './export-job.ts';
import { nextTurn, TURN_MS } from './take-turns.ts';
import { loadWindowFont } from './window-font.ts';

/** What an export is made of. */
export interface ExportSource {
  readonly name: string;
  readonly recording: Recording;
  readonly analysis: Analysis;
  readonly view: RecordingView;
}

/** A Blob of many short parts costs more than one of few long ones. */
const PART = 4 * 1024 * 1024;
const MOST_LANES = 24;

/**
 * Makes a file. What is long is written in turns, between which the worker answers other questions, and lies in a Blob,
 * which the browser keeps where it has room; so nothing is held as one string.
 *
 * Returns undefined when it was stopped.
 */
export async function makeExport(
  source: ExportSource,
  job: ExportJob,
  onProgress: (bytes: number) => void,
  isStopped: () => boolean,
): Promise<Blob | undefined> {
  const { chunks, type } = await printJob(source, job);
  const parts: Blob[] = [];
  let waiting: string[] = [];
  let held = 0;
  let bytes = 0;
  let turn = performance.now();
  const putBy = () => {
    const part = new Blob(waiting);
    bytes += part.size;
    parts.push(part);
    waiting = [];
    held = 0;
  };
  for (const chunk of chunks) {
    waiting.push(chunk);
    held += chunk.length;
    if (held >= PART) putBy();
    if (performance.now() - turn < TURN_MS) continue;
    onProgress(bytes + held);
    await nextTurn();
    if (isStopped()) return undefined;
    turn = performance.now();
  }
  putBy();
  onProgress(bytes);
  return new Blob(parts, { type });
}

async function printJob(source: ExportSource, job: ExportJob): Promise<{ chunks: Iterable<string>; type: string }> {
  const { name, recording, analysis, view } = source;
  switch (job.kind) {
    case 'timeline': {
      const font = await loadWindowFont();
      const picture = drawTimeline(view, {
        ...job,
        width: job.width + GUTTER,
        maxLanes: MOST_LANES,
        measureText: font.measureText,
      });
      return { chunks: [printSvg(picture, { ...job.look, font: font.face })], type: 'image/svg+xml' };
    }
    case 'graph': {
      const font = await loadWindowFont();
      const selected = new Set(job.query.centre === undefined ? [] : [job.query.centre]);
      const { clock } = analysis.table;
      const picture = drawHolderGraph(view.holderGraph(job.query, job.filter), {
        name,
        clock,
        selected,
        measureText: font.measureText,
      });
      return { chunks: [printSvg(picture, { ...job.look, font: font.face })], type: 'image/svg+xml' };
    }
    case 'events':
      return job.form === 'csv'
        ? { chunks: printEventsCsv(analysis, job.selection), type: 'text/csv' }
        : { chunks: printEventsJson(name, analysis, job.selection), type: 'application/json' };
    case 'holds':
      return job.form === 'csv'
        ? { chunks: printHoldsCsv(analysis, job.selection), type: 'text/csv' }
        : { chunks: printHoldsJson(name, analysis, job.selection), type: 'application/json' };
    case 'perfetto':
      return { chunks: printPerfetto(name, analysis, job.selection), type: 'application/json' };
    case 'report': {
      const { at, sha256, notes, commands } = job;
      const modules = job.modules.length > 0 ? job.modules : heldAt(analysis, at);
      const text = printReport(recording, analysis, { name, sha256, modules, at, picture: undefined, notes, commands });
      return { chunks: [text], type: 'text/markdown' };
    }
  }
}

function heldAt(analysis: Analysis, at: number): readonly string[] {
  return standingsAt(analysis, at)
    .filter(({ lsmod, unexplained }) => (lsmod ?? 0) > 0 || (unexplained ?? 0) > 0)
    .map(({ module }) => module);
}
