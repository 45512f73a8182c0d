import type { CssPixels } from '../../shared/units.ts';
import type {
  Colour,
  Columns,
  DisplayItem,
  DisplayList,
  Hatch,
  Polygon,
  Polyline,
  Rect,
  Text,
} from '../../shared/view-model/display-list.ts';
import { paintColumns } from './paint-columns.ts';
import type { Palette } from './read-palette.ts';

export const CANVAS_FONT = 'Inter, Cantarell, Ubuntu, "Noto Sans", "Liberation Sans", system-ui, sans-serif';

/** Paints a display list on a canvas, whose size it sets for the screen's own pixels. */
export function paintDisplayList(canvas: HTMLCanvasElement, list: DisplayList, palette: Palette): void {
  const ratio = devicePixelRatio;
  const width = Math.round(list.width * ratio);
  const height = Math.round(list.height * ratio);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.globalAlpha = 1;
  const colourOf = (role: Colour) => palette.get(role) ?? '#888';
  for (const item of list.items)
    if (item.kind === 'columns') paintColumns(context, item, colourOf(item.colour), ratio);
    else paintItem(context, item, colourOf);
}

type ColourOf = (role: Colour) => string;

function paintItem(context: CanvasRenderingContext2D, item: Exclude<DisplayItem, Columns>, colourOf: ColourOf): void {
  if (item.kind === 'polyline') paintPolyline(context, item, colourOf);
  else if (item.kind === 'polygon') paintPolygon(context, item, colourOf);
  else if (item.kind === 'rect') paintRect(context, item, colourOf);
  else if (item.kind === 'hatch') paintHatch(context, item, colourOf);
  else paintText(context, item, colourOf);
}

function trace(context: CanvasRenderingContext2D, points: readonly number[], nudge: number): void {
  context.beginPath();
  for (let i = 0; i < points.length; i += 2) context.lineTo(points[i]! + nudge, points[i + 1]! + nudge);
}

function paintPolyline(context: CanvasRenderingContext2D, item: Polyline, colourOf: ColourOf): void {
  // A line of one pixel between two rows of pixels would be two grey ones.
  const nudge = item.lineWidth === 1 && item.points.length === 4 ? 0.5 : 0;
  trace(context, nudge === 0 ? item.points : item.points.map(Math.round), nudge);
  context.strokeStyle = colourOf(item.colour);
  context.lineWidth = item.lineWidth;
  context.lineJoin = 'round';
  if (item.dashed === true) context.setLineDash([4, 3]);
  context.stroke();
  if (item.dashed === true) context.setLineDash([]);
}

function paintPolygon(context: CanvasRenderingContext2D, item: Polygon, colourOf: ColourOf): void {
  trace(context, item.points, 0);
  context.closePath();
  context.globalAlpha = item.opacity ?? 1;
  context.fillStyle = colourOf(item.colour);
  context.fill();
  context.globalAlpha = 1;
}

function paintRect(context: CanvasRenderingContext2D, item: Rect, colourOf: ColourOf): void {
  context.globalAlpha = item.opacity ?? 1;
  const inset = (item.outline ?? 0) / 2;
  const { x, y, width, height } = item;
  const shrunk: [number, number, number, number] = [x + inset, y + inset, width - 2 * inset, height - 2 * inset];
  if (item.outline !== undefined) {
    context.strokeStyle = colourOf(item.colour);
    context.lineWidth = item.outline;
    context.beginPath();
    context.roundRect(...shrunk, item.radius ?? 0);
    context.stroke();
  } else {
    context.fillStyle = colourOf(item.colour);
    if (item.radius === undefined || item.radius === 0) context.fillRect(...shrunk);
    else {
      context.beginPath();
      context.roundRect(...shrunk, item.radius);
      context.fill();
    }
  }
  context.globalAlpha = 1;
}

const HATCH_STEP: CssPixels = 6;

function paintHatch(context: CanvasRenderingContext2D, item: Hatch, colourOf: ColourOf): void {
  const { x, y, width, height } = item;
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.fillStyle = colourOf(item.colour);
  context.globalAlpha = 0.12;
  context.fillRect(x, y, width, height);
  context.globalAlpha = 0.55;
  context.strokeStyle = colourOf(item.colour);
  context.lineWidth = 1;
  context.beginPath();
  for (let start = x - height - (x % HATCH_STEP); start < x + width; start += HATCH_STEP) {
    context.moveTo(start, y + height);
    context.lineTo(start + height, y);
  }
  context.stroke();
  context.restore();
}

function paintText(context: CanvasRenderingContext2D, item: Text, colourOf: ColourOf): void {
  context.font = `${item.bold === true ? 600 : 400} ${item.size}px ${CANVAS_FONT}`;
  context.fillStyle = colourOf(item.colour);
  context.textAlign = item.align === 'centre' ? 'center' : item.align;
  context.textBaseline = 'middle';
  context.fillText(item.text, item.x, item.y + 0.5);
}
