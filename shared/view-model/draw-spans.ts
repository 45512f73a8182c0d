import type { CssPixels } from '../units.ts';
import { type Colour, type DisplayItem, HOLDER_COLOURS } from './display-list.ts';
import type { TrackScene } from './draw-tracks.ts';
import { fitText } from './fit-text.ts';
import { LANE_HEIGHT, STEP_HEIGHT } from './layout-tracks.ts';
import type { SpanPicture, TrackPicture } from './recording-view.ts';
import { stretchOf } from './stretch-picture.ts';

const FONT = 11;
const GAP = 2;
const ARROW = 8;
/** Between a bar and a name beside it. */
const BESIDE = 4;

/**
 * The holds of one track, one bar each. A name that does not fit into its bar stands beside it, where its lane is free.
 *
 * ```
 * ◂ systemd-logind-545 · drm_stub_open      ▶    from before the recording … never ended
 *          █ modprobe-1687        mount-167 █
 * ```
 */
export function drawSpans(items: DisplayItem[], picture: TrackPicture, scene: TrackScene, y: CssPixels): void {
  const stretch = stretchOf(picture, scene.scale);
  const bars = picture.spans.map((span) => {
    const left = Math.max(stretch(span.x0), -2);
    return { span, left, right: Math.max(Math.min(stretch(span.x1), scene.scale.width), left + 1) };
  });
  // The spans come lane by lane, each lane from left to right.
  let taken = 0;
  for (const [index, bar] of bars.entries()) {
    if (bars[index - 1]?.span.lane !== bar.span.lane) taken = 0;
    const next = bars[index + 1]?.span.lane === bar.span.lane ? bars[index + 1]!.left : scene.scale.width;
    if (bar.right <= 0 || bar.left >= scene.scale.width) continue;
    const top = y + STEP_HEIGHT + bar.span.lane * LANE_HEIGHT + GAP;
    taken = Math.max(bar.right, drawSpan(items, bar, scene, { top, from: taken, to: next }));
  }
}

interface Bar {
  readonly span: SpanPicture;
  readonly left: CssPixels;
  readonly right: CssPixels;
}

/** The free part of a lane around a bar. */
interface Room {
  readonly top: CssPixels;
  readonly from: CssPixels;
  readonly to: CssPixels;
}

/** Draws one hold; answers how far to the right its name reaches. */
function drawSpan(items: DisplayItem[], { span, left: x, right }: Bar, scene: TrackScene, room: Room): CssPixels {
  const y = room.top;
  const width = right - x;
  const height = LANE_HEIGHT - 2 * GAP;
  const colour: Colour = span.colour < 0 ? 'block' : `holder-${span.colour % HOLDER_COLOURS}`;
  const opacity = span.confidence === 0 ? 0.6 : 1;
  const arrow = span.end === Number.POSITIVE_INFINITY && width > 2 * ARROW ? ARROW : 0;
  items.push({
    kind: 'rect',
    x,
    y,
    width: width - arrow,
    height,
    colour,
    opacity,
    radius: width < 6 || arrow > 0 ? 0 : 2,
  });
  if (arrow > 0) {
    const points = [right - arrow, y - 1, right, y + height / 2, right - arrow, y + height + 1];
    items.push({ kind: 'polygon', points, colour, opacity });
  }
  let indent = 6;
  if (span.start === Number.NEGATIVE_INFINITY && width > 24) {
    const left = Math.max(x, 0);
    const points = [left + 9, y + 3, left + 3, y + height / 2, left + 9, y + height - 3];
    items.push({ kind: 'polygon', points, colour: 'text-on-span' });
    indent = 14;
  }

  const role = scene.selectedHolds.has(span.hold) ? 'selection' : span.hold === scene.hoveredHold ? 'hover' : undefined;
  if (role !== undefined && span.hold >= 0)
    items.push({
      kind: 'rect',
      x: x - 1,
      y: y - 1,
      width: width + 2,
      height: height + 2,
      colour: role,
      outline: 2,
      radius: 3,
    });
  return drawCaption(items, span, scene, room, { from: Math.max(x, 0) + indent, to: right - arrow - 4 }, { x, right });
}

function drawCaption(
  items: DisplayItem[],
  span: SpanPicture,
  { measureText }: TrackScene,
  room: Room,
  inside: { readonly from: CssPixels; readonly to: CssPixels },
  bar: { readonly x: CssPixels; readonly right: CssPixels },
): CssPixels {
  const y = room.top + LANE_HEIGHT / 2 - GAP;
  const text = { kind: 'text', y, size: FONT } as const;
  const needed = measureText(span.label, FONT);
  if (needed > inside.to - inside.from && span.hold >= 0) {
    const beside = { ...text, text: span.label, colour: 'text-muted' } as const;
    if (needed + 2 * BESIDE <= room.to - bar.right) {
      items.push({ ...beside, x: bar.right + BESIDE, align: 'left' });
      return bar.right + 3 * BESIDE + needed;
    }
    if (needed + 2 * BESIDE <= bar.x - room.from) {
      items.push({ ...beside, x: bar.x - BESIDE, align: 'right' });
      return bar.right;
    }
  }
  const fitting = fitText(captionOf(span), inside.to - inside.from, FONT, measureText);
  if (fitting !== '') items.push({ ...text, x: inside.from, text: fitting, colour: 'text-on-span', align: 'left' });
  return bar.right;
}

function captionOf({ label, callSite }: SpanPicture): string {
  return callSite === '' ? label : `${label} · ${callSite}`;
}

/** Hatches over the full height of the track where events were lost. */
export function drawLost(
  items: DisplayItem[],
  picture: TrackPicture,
  scene: TrackScene,
  y: CssPixels,
  height: CssPixels,
): void {
  const stretch = stretchOf(picture, scene.scale);
  for (const { x0, x1 } of picture.lost) {
    const left = Math.max(stretch(x0), 0);
    const right = Math.min(Math.max(stretch(x1), left + 1), scene.scale.width);
    if (right > left) items.push({ kind: 'hatch', x: left, y, width: right - left, height, colour: 'lost' });
  }
}
