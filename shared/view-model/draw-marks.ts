import type { Clock } from '../event-table/clock.ts';
import type { CssPixels, RecordingTime } from '../units.ts';
import type { DisplayItem, MeasureText } from './display-list.ts';
import { drawCommands, type TimelineCommand } from './draw-commands.ts';
import { fitText } from './fit-text.ts';
import { RULER_HEIGHT } from './layout-tracks.ts';
import { printSpan } from './print-span.ts';
import { type TimeScale, timeToX } from './time-scale.ts';

/** Two times to measure between. */
export interface TimelineMarkers {
  readonly a?: RecordingTime;
  readonly b?: RecordingTime;
}

/** A note as the timeline shows it; its text made visible by whoever gives it. */
export interface TimelineNote {
  readonly time: RecordingTime;
  readonly text: string;
}

/** What a person put on the timeline, and what was run meanwhile. */
export interface MarkScene {
  readonly scale: TimeScale;
  readonly height: CssPixels;
  readonly clock: Clock;
  readonly markers?: TimelineMarkers;
  readonly notes?: readonly TimelineNote[];
  readonly commands?: readonly TimelineCommand[];
  readonly measureText: MeasureText;
}

/** A stretch of a line of the ruler. */
export interface Room {
  readonly from: CssPixels;
  readonly to: CssPixels;
}

const FONT = 11;
const FLAG: CssPixels = 14;
const NOTE_TOP: CssPixels = RULER_HEIGHT - 12;
/** A longer note is read in full in its list. */
const LONGEST_NOTE: CssPixels = 180;
/** A flag and the gap behind it. */
const NOTE_FLAG: CssPixels = 12;

/** What the markers take of the ruler, so that no other label is written there. */
export function roomOfMarks(scene: MarkScene): readonly Room[] {
  const distance = distanceLabel(scene);
  return [
    ...flagsOf(scene).map(({ x }) => ({ from: x - FLAG / 2 - 2, to: x + FLAG / 2 + 2 })),
    ...(distance === undefined ? [] : [{ from: distance.from - 2, to: distance.to + 2 }]),
  ];
}

/**
 * Markers, notes and commands over the tracks.
 *
 * ```
 *   A├──── 5.871 ms ────┤B      flags and distance in the ruler
 *   ⚑ what it was               notes at its lower edge
 *   ▔▔▔▔ modprobe vkms          commands under them, as long as they ran
 * ```
 */
export function drawMarks(items: DisplayItem[], scene: MarkScene): void {
  const { scale, height, markers = {} } = scene;
  const [from, to] = [markers.a, markers.b].map((time) => (time === undefined ? undefined : timeToX(scale, time)));
  if (from !== undefined && to !== undefined) {
    const left = Math.max(Math.min(from, to), 0);
    const right = Math.min(Math.max(from, to), scale.width);
    if (right > left)
      items.push(
        rect(left, RULER_HEIGHT, right - left, height - RULER_HEIGHT, 0.07),
        rect(left, FLAG, right - left, 2, 0.6),
      );
  }
  for (const { x, letter } of flagsOf(scene)) {
    items.push({ kind: 'polyline', points: [x, FLAG, x, height], colour: 'marker', lineWidth: 1, dashed: true });
    items.push({ ...rect(x - FLAG / 2, 0, FLAG, FLAG, 1), radius: 2 });
    items.push({ ...text(x, FLAG / 2, letter), colour: 'background', bold: true });
  }
  const distance = distanceLabel(scene);
  if (distance !== undefined)
    items.push({ ...text(distance.x, FLAG / 2, distance.label), colour: 'marker', bold: true });
  drawNotes(items, scene);
  drawCommands(items, scene, roomOfNotes(scene));
}

/** What the notes take of the lower line of the ruler. */
export function roomOfNotes(scene: MarkScene): readonly Room[] {
  return placeNotes(scene);
}

/** The note whose flag lies at a point of the ruler: its place in the scene's notes, −1 for none. */
export function noteAt(scene: MarkScene, x: CssPixels, y: CssPixels): number {
  if (y < NOTE_TOP || y > RULER_HEIGHT) return -1;
  return placeNotes(scene).findLast(({ from, to }) => x >= from - 2 && x <= to)?.note ?? -1;
}

function drawNotes(items: DisplayItem[], scene: MarkScene): void {
  const y = NOTE_TOP;
  for (const { x, label, labelX } of placeNotes(scene)) {
    items.push({ kind: 'polyline', points: [x, y, x, scene.height], colour: 'note', lineWidth: 1, dashed: true });
    items.push({ kind: 'polygon', points: [x, y, x + 9, y + 3.5, x, y + 7], colour: 'note' });
    if (label !== '') items.push({ ...text(labelX, y + 6, label), colour: 'note', align: 'left' });
  }
}

/** Where the notes in view stand, each with its text behind its flag, or before it where there is more room. */
function placeNotes({ scale, notes = [], measureText }: MarkScene) {
  const inView = notes
    .map(({ time, text }, note) => ({ note, x: timeToX(scale, time), text: text.split('\n')[0] ?? '' }))
    .filter(({ x }) => x >= 0 && x <= scale.width)
    .sort((a, b) => a.x - b.x);
  let taken = 0;
  return inView.map(({ note, x, text }, i) => {
    const needed = Math.min(LONGEST_NOTE, measureText(text, FONT));
    const behind = (inView[i + 1]?.x ?? scale.width) - x - NOTE_FLAG - 6;
    const before = x - taken - 8;
    const isBefore = behind < needed && before > behind;
    const room = Math.min(LONGEST_NOTE, isBefore ? before : behind);
    const label = room < 24 ? '' : fitText(text, room, FONT, measureText);
    const width = label === '' ? 0 : measureText(label, FONT);
    const from = isBefore ? x - 4 - width : x;
    const to = isBefore ? x + NOTE_FLAG : x + NOTE_FLAG + width;
    taken = to;
    return { note, x, from, to, label, labelX: isBefore ? from : x + NOTE_FLAG };
  });
}

function flagsOf({ scale, markers = {} }: MarkScene) {
  return (['a', 'b'] as const).flatMap((which) => {
    const time = markers[which];
    const x = time === undefined ? -1 : timeToX(scale, time);
    return x < 0 || x > scale.width ? [] : [{ x, letter: which.toUpperCase() }];
  });
}

/** The distance from A to B, in the middle of what is in view of it; nothing where it has no room. */
function distanceLabel({ scale, clock, markers = {}, measureText }: MarkScene) {
  const { a, b } = markers;
  if (a === undefined || b === undefined || a === b) return undefined;
  const left = Math.max(timeToX(scale, Math.min(a, b)), 0);
  const right = Math.min(timeToX(scale, Math.max(a, b)), scale.width);
  const label = printSpan(clock, Math.abs(b - a));
  // Bold letters are a little wider than those that are measured.
  const width = measureText(label, FONT) * 1.08;
  if (right - left < width + FLAG + 8) return undefined;
  const x = (left + right) / 2;
  return { x, label, from: x - width / 2, to: x + width / 2 };
}

function rect(x: CssPixels, y: CssPixels, width: CssPixels, height: CssPixels, opacity: number) {
  return { kind: 'rect', x, y, width, height, colour: 'marker', opacity } as const;
}

function text(x: CssPixels, y: CssPixels, written: string) {
  return { kind: 'text', x, y, text: written, size: FONT, align: 'centre' } as const;
}
