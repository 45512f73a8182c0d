import type { ModuleStanding } from '../analysis/accounting.ts';
import { printTime } from '../event-table/clock.ts';
import type { CssPixels, RecordingTime } from '../units.ts';
import type { DisplayItem, DisplayList, MeasureText } from '../view-model/display-list.ts';
import type { TimelineMarkers, TimelineNote } from '../view-model/draw-marks.ts';
import { drawTracks, type TrackScene } from '../view-model/draw-tracks.ts';
import { fitText } from '../view-model/fit-text.ts';
import { layoutTracks, RULER_HEIGHT, stackHeight } from '../view-model/layout-tracks.ts';
import { noteSleeps } from '../view-model/note-sleeps.ts';
import { commandMark, type RecordedCommand } from '../view-model/recorded-command.ts';
import type { RecordingView, TrackPicture } from '../view-model/recording-view.ts';
import { escapeTerminal } from './escape-terminal.ts';
import type { Picture } from './print-svg.ts';

export interface TimelineOptions {
  /** From top to bottom. */
  readonly modules: readonly string[];
  readonly from: RecordingTime;
  readonly to: RecordingTime;
  /** Of the whole picture, names included. */
  readonly width: CssPixels;
  readonly maxLanes: number;
  /** Only holds that pass it are drawn; empty for all. */
  readonly filter: string;
  /** Modules that have an event but no track in the picture, which then says so. */
  readonly leftOut: number;
  readonly measureText: MeasureText;
  readonly cursor?: RecordingTime;
  readonly markers?: TimelineMarkers;
  readonly notes?: readonly TimelineNote[];
  readonly commands?: readonly RecordedCommand[];
}

/** Width of the tracks' names, as in the window. */
export const GUTTER: CssPixels = 152;
const HEADING: CssPixels = 40;
const FOOTING: CssPixels = 28;
const MARGIN: CssPixels = 8;

/**
 * The track stack of a recording as a picture that tells by itself what it shows.
 *
 * ```
 * ┌ recording, time ─────────────────────┐  HEADING
 * │            ruler                     │
 * │ names      tracks                    │
 * ├──GUTTER───┴──────────────────────────┤
 * │ what is left out, if anything        │  FOOTING
 * └──────────────────────────────────────┘
 * ```
 */
export function drawTimeline(view: RecordingView, options: TimelineOptions): Picture {
  const { from, to, width, maxLanes, modules, filter, leftOut } = options;
  const summary = view.summary();
  const scale = { from, to, width: width - GUTTER };
  const pictures = view
    .tracks({ modules, from, to, width: scale.width, maxLanes, filter: { text: filter, modules: [] } })
    .map(withVisibleNames);
  const height = RULER_HEIGHT + stackHeight(pictures) + 1;
  const footing = leftOut === 0 ? 0 : FOOTING;
  const scene: TrackScene = {
    scale,
    height,
    scrollTop: 0,
    clock: summary.clock,
    refcounts: summary.refcounts,
    tracks: pictures,
    cursor: options.cursor,
    selectedModule: undefined,
    hoveredHold: undefined,
    selectedHolds: new Set(),
    measureText: options.measureText,
    markers: options.markers ?? {},
    commands: (options.commands ?? []).map((command) => commandMark(command, escapeTerminal)),
    notes: [
      ...(options.notes ?? []).map(({ time, text }) => ({ time, text: escapeTerminal(text.split('\n')[0] ?? '') })),
      ...noteSleeps(summary.sleeps),
    ],
  };
  const name = escapeTerminal(summary.name);
  const range = `${printTime(summary.clock, from)} to ${printTime(summary.clock, to)}${summary.clock.unit === 'ticks' ? ' ticks' : ' s'}`;
  const seen = filter.trim() === '' ? range : `${range} · filter ${escapeTerminal(filter.trim())}`;
  const standings = view.modulesAt(Math.min(to, summary.end));
  const missing =
    leftOut === 0 ? [] : [`${leftOut} more ${leftOut === 1 ? 'module has' : 'modules have'} no track in this picture.`];
  return {
    width,
    height: HEADING + height + footing,
    title: `${name}: references to kernel modules`,
    description: [
      `References and their holders over time, ${seen}.`,
      describeTracks(pictures, standings),
      ...missing,
    ].join(' '),
    parts: [
      { x: 0, y: 0, list: drawHeading(name, seen, options) },
      { x: 0, y: HEADING, list: drawNames(pictures, standings, height, options.measureText) },
      { x: GUTTER, y: HEADING, list: drawTracks(scene) },
      ...missing.map((told) => ({ x: 0, y: HEADING + height, list: drawFooting(told, width) })),
    ],
  };
}

function drawHeading(name: string, seen: string, { width, measureText }: TimelineOptions): DisplayList {
  const shown = fitText(seen, width * 0.7, 11, measureText);
  const room = width - 2 * MARGIN - measureText(shown, 11) - 24;
  return {
    width,
    height: HEADING,
    items: [
      text(MARGIN, HEADING / 2, fitText(name, room, 13, measureText), { size: 13, bold: true }),
      text(width - MARGIN, HEADING / 2, shown, { colour: 'text-muted', align: 'right' }),
    ],
  };
}

/** What the picture has not. */
function drawFooting(told: string, width: CssPixels): DisplayList {
  return { width, height: FOOTING, items: [text(MARGIN, FOOTING / 2, told, { colour: 'text-muted' })] };
}

/** The module of every track, and its references at the end of what is shown. */
function drawNames(
  pictures: readonly TrackPicture[],
  standings: readonly ModuleStanding[],
  height: CssPixels,
  measureText: MeasureText,
): DisplayList {
  const items: DisplayItem[] = [];
  const line = (y: CssPixels): DisplayItem => ({
    kind: 'polyline',
    points: [0, y, GUTTER, y],
    colour: 'rule',
    lineWidth: 1,
  });
  items.push(line(RULER_HEIGHT));
  for (const { module, y: top, height: own } of layoutTracks(pictures)) {
    const y = RULER_HEIGHT + top;
    const count = countOf(standings.find((standing) => standing.module === module));
    const room = GUTTER - 3 * MARGIN - measureText(count, 11);
    items.push(text(MARGIN, y + 14, fitText(escapeTerminal(module), room, 12, measureText), { size: 12, bold: true }));
    items.push(text(GUTTER - MARGIN, y + 14, count, { colour: 'text-muted', align: 'right' }));
    items.push(line(y + own));
  }
  items.push({ kind: 'polyline', points: [GUTTER - 1, 0, GUTTER - 1, height], colour: 'rule', lineWidth: 1 });
  return { width: GUTTER, height, items };
}

function countOf(standing: ModuleStanding | undefined): string {
  if (standing === undefined || standing.state === 'absent') return 'not loaded';
  return standing.lsmod === undefined ? 'unknown' : String(standing.lsmod);
}

function describeTracks(pictures: readonly TrackPicture[], standings: readonly ModuleStanding[]): string {
  return pictures
    .map(
      ({ module }) => `${escapeTerminal(module)}: ${countOf(standings.find((standing) => standing.module === module))}`,
    )
    .join('; ');
}

function text(
  x: CssPixels,
  y: CssPixels,
  written: string,
  style: { size?: CssPixels; bold?: boolean; colour?: 'text' | 'text-muted'; align?: 'left' | 'right' },
): DisplayItem {
  const { size = 11, bold = false, colour = 'text', align = 'left' } = style;
  return { kind: 'text', x, y, text: written, colour, size, align, bold };
}

/** What a stranger chose is made visible before it is measured and drawn, as the window does it. */
function withVisibleNames(picture: TrackPicture): TrackPicture {
  const spans = picture.spans.map((span) => ({
    ...span,
    label: escapeTerminal(span.label),
    callSite: escapeTerminal(span.callSite),
  }));
  return { ...picture, spans };
}
