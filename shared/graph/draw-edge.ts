import type { CssPixels } from '../units.ts';
import type { Colour, DisplayItem } from '../view-model/display-list.ts';
import { fitText } from '../view-model/fit-text.ts';
import type { GraphScene } from './draw-graph.ts';
import { colourOf } from './draw-node.ts';
import type { GraphEdge } from './holder-graph.ts';

const ARROW: CssPixels = 8;
const LABEL = 10.5;
const LABEL_ROOM: CssPixels = 116;
/** Points per bend of a line: enough that no corner is seen at four times the size. */
const STEPS = 16;

/** Whether an arrow has a text, and at which of its ends. */
export type EdgeLabelling = 'none' | 'near-source' | 'near-target';

/** An arrow from holder to module: thicker for more references, dashed where its holder is no more than likely. */
export function drawEdge(
  edge: GraphEdge,
  route: readonly CssPixels[],
  { selected, measureText }: GraphScene,
  label: EdgeLabelling,
): DisplayItem[] {
  const items: DisplayItem[] = [];
  const ended = edge.references === 0;
  const isSelected = selected.has(edge.id);
  const colour: Colour = isSelected
    ? 'selection'
    : ended
      ? 'rule'
      : edge.betweenModules
        ? 'text-muted'
        : colourOf(edge.colour);
  const lineWidth = isSelected ? 2.5 : Math.min(4, 1.25 + 0.5 * Math.log2(Math.max(1, edge.references)));
  const points = curveThrough(route);
  const x = points[points.length - 2]!;
  const y = points[points.length - 1]!;
  const forwards = route[route.length - 4]! < x;
  const back = forwards ? -ARROW : ARROW;
  points[points.length - 2] = x + back;
  items.push({ kind: 'polyline', points, colour, lineWidth, dashed: edge.confidence === 'low' });
  items.push({ kind: 'polygon', points: [x, y, x + back, y - 4.5, x + back, y + 4.5], colour });

  const text = label !== 'none' || isSelected ? fitText(labelEdge(edge), LABEL_ROOM, LABEL, measureText) : '';
  if (text !== '') {
    const width = measureText(text, LABEL) + 8;
    const [middleX, middleY] = labelPlace(route, width, label === 'near-target');
    items.push({
      kind: 'rect',
      x: middleX - width / 2,
      y: middleY - 8,
      width,
      height: 16,
      colour: 'background',
      opacity: 0.88,
      radius: 3,
    });
    const textColour = isSelected ? 'text' : 'text-muted';
    items.push({ kind: 'text', x: middleX, y: middleY, text, colour: textColour, size: LABEL, align: 'centre' });
  }
  return items;
}

/** `drm_stub_open`, `2 · ref_module +1`: what can be said on the way. */
function labelEdge({ references, callSites, since }: GraphEdge): string {
  const [site, ...others] = callSites;
  const via =
    site === undefined ? (since === undefined ? '' : '?') : others.length === 0 ? site : `${site} +${others.length}`;
  if (references <= 1) return via;
  return via === '' ? `${references}` : `${references} · ${via}`;
}

/**
 * Where a text of this width lies on an arrow: where those that meet at one of its ends are farthest apart, so near the
 * holder where many hold one module, and near the module where one holds many.
 */
function labelPlace(
  route: readonly CssPixels[],
  width: CssPixels,
  nearTarget: boolean,
): readonly [CssPixels, CssPixels] {
  const at = nearTarget ? route.length - 4 : 0;
  const [x0, y0, x1, y1] = [route[at]!, route[at + 1]!, route[at + 2]!, route[at + 3]!];
  const gap = x1 - x0;
  if (gap <= 0) return [(x0 + x1) / 2, (y0 + y1) / 2];
  const x = nearTarget ? x1 - ARROW - 6 - width / 2 : x0 + 6 + width / 2;
  return [x, y0 + (y1 - y0) * riseAt((x - x0) / gap)];
}

/** How far a bend has risen after this part of its length: the curve of `curveThrough` asked by x. */
function riseAt(part: number): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 12; i++) {
    const middle = (low + high) / 2;
    if (alongAt(middle) < part) low = middle;
    else high = middle;
  }
  return acrossAt(low);
}

/** A cubic curve from (0, 0) to (1, 1) whose two handles lie level with its ends, halfway between them. */
function alongAt(t: number): number {
  return 1.5 * t * (1 - t) * (1 - t) + 1.5 * t * t * (1 - t) + t * t * t;
}

function acrossAt(t: number): number {
  return 3 * t * t * (1 - t) + t * t * t;
}

/** A line that leaves and reaches each point of the route level, as a row of short straight pieces. */
export function curveThrough(route: readonly CssPixels[]): CssPixels[] {
  const points = [route[0]!, route[1]!];
  for (let i = 2; i < route.length; i += 2) {
    const [x0, y0, x1, y1] = [route[i - 2]!, route[i - 1]!, route[i]!, route[i + 1]!];
    if (y0 === y1) {
      points.push(x1, y1);
      continue;
    }
    for (let step = 1; step <= STEPS; step++) {
      const t = step / STEPS;
      points.push(x0 + (x1 - x0) * alongAt(t), y0 + (y1 - y0) * acrossAt(t));
    }
  }
  return points;
}
