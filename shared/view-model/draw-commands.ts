import type { CssPixels, RecordingTime } from '../units.ts';
import type { DisplayItem } from './display-list.ts';
import type { MarkScene, Room } from './draw-marks.ts';
import { fitText } from './fit-text.ts';
import { RULER_HEIGHT } from './layout-tracks.ts';
import { timeToX } from './time-scale.ts';

/** A command of the terminal as the timeline shows it; its text made visible by whoever gives it. */
export interface TimelineCommand {
  readonly from: RecordingTime;
  /** +Infinity while it runs. */
  readonly until: RecordingTime;
  readonly text: string;
  /** Whether it ended badly. */
  readonly failed: boolean;
}

const FONT = 11;
const BAR: CssPixels = 3;
/** A command shorter than this is still seen. */
const SHORTEST: CssPixels = 2;
const LONGEST_LABEL: CssPixels = 180;
/** Below this a label says nothing. */
const SHORTEST_LABEL: CssPixels = 24;
const TOP: CssPixels = RULER_HEIGHT - 12;

/** Each command as a bar at the ruler's lower edge, with its text and a line over the tracks where there is room. */
export function drawCommands(items: DisplayItem[], scene: MarkScene, taken: readonly Room[]): void {
  const y = RULER_HEIGHT - BAR;
  for (const { x0, x1, label, failed } of placeCommands(scene, taken)) {
    const colour = failed ? 'lost' : 'selection';
    items.push({ kind: 'rect', x: x0, y, width: x1 - x0, height: BAR, colour });
    if (label === '') continue;
    items.push({ kind: 'polyline', points: [x0, TOP, x0, scene.height], colour, lineWidth: 1, dashed: true });
    items.push({ kind: 'text', x: x0 + 4, y: TOP + 4, text: label, colour, size: FONT, align: 'left' });
  }
}

/** The command at a point of the ruler: its place in the scene's commands, −1 for none. */
export function commandAt(scene: MarkScene, taken: readonly Room[], x: CssPixels, y: CssPixels): number {
  if (y < TOP || y > RULER_HEIGHT) return -1;
  const found = placeCommands(scene, taken).findLast(({ x0, end }) => x >= x0 - 2 && x <= end + 2);
  return found?.command ?? -1;
}

function placeCommands({ scale, commands = [], measureText }: MarkScene, taken: readonly Room[]) {
  const inView = commands
    .map(({ from, until, text, failed }, command) => {
      const start = Math.max(0, timeToX(scale, from));
      const stop = Math.min(scale.width, until === Number.POSITIVE_INFINITY ? scale.width : timeToX(scale, until));
      return { command, text, failed, x0: start, x1: Math.max(stop, start + SHORTEST), began: timeToX(scale, from) };
    })
    .filter(({ x1, began }) => began <= scale.width && x1 > SHORTEST)
    .sort((a, b) => a.x0 - b.x0);
  return inView.map(({ command, text, failed, x0, x1, began }, i) => {
    const next = Math.min(
      inView[i + 1]?.x0 ?? scale.width,
      ...taken.filter(({ to }) => to > x0).map(({ from }) => from),
    );
    const room = began < 0 ? 0 : Math.min(LONGEST_LABEL, next - x0 - 8);
    const label = room < SHORTEST_LABEL || text === '' ? '' : fitText(text, room, FONT, measureText);
    const end = Math.max(x1, label === '' ? 0 : x0 + 4 + measureText(label, FONT));
    return { command, failed, x0, x1, label, end };
  });
}
