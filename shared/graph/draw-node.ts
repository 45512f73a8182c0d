import type { CssPixels } from '../units.ts';
import { type Colour, type DisplayItem, HOLDER_COLOURS } from '../view-model/display-list.ts';
import { fitText } from '../view-model/fit-text.ts';
import { captionNode, labelNode } from './describe-graph.ts';
import type { GraphScene } from './draw-graph.ts';
import type { GraphNode } from './holder-graph.ts';

const RADIUS: CssPixels = 6;
const STRIPE: CssPixels = 5;
const INDENT: CssPixels = 14;
const NAME = 12;
const CAPTION = 10.5;

/**
 * A node, from its own upper left corner.
 *
 * ```
 * ┌──────────────┐   ▐────────────────┐   ▐────────────┐┐   ┌ ─ ─ ─ ─ ─ ─ ─
 * │ drm          │   ▐ logind-545     │   ▐ udevd × 12 ││     not known     │
 * │ 4 references │   ▐ task           │   ▐ 12 of 40 … ││   │ unexplained
 * └──────────────┘   ▐────────────────┘   ▐────────────┘┘    ─ ─ ─ ─ ─ ─ ─ ─
 *      module         in its colour           many                nobody
 * ```
 */
export function drawNode(
  node: GraphNode,
  { width, height }: { readonly width: CssPixels; readonly height: CssPixels },
  { selected, measureText }: GraphScene,
): DisplayItem[] {
  const items: DisplayItem[] = [];
  const isHolder = node.sort !== 'module' && node.sort !== 'unexplained';
  const own: Colour = colourOf(node.colour);
  if (node.sort === 'tasks')
    items.push({ kind: 'rect', x: 4, y: 4, width, height, colour: 'rule', outline: 1, radius: RADIUS });
  items.push({ kind: 'rect', x: 0, y: 0, width, height, colour: 'background', radius: RADIUS });
  if (node.sort === 'unexplained') {
    const points = [0, 0, width, 0, width, height, 0, height, 0, 0];
    items.push({ kind: 'polyline', points, colour: 'text-muted', lineWidth: 1, dashed: true });
  } else if (node.ended) {
    items.push({ kind: 'rect', x: 0, y: 0, width, height, colour: 'rule', outline: 1, radius: RADIUS });
  } else if (isHolder) {
    items.push({ kind: 'rect', x: 0, y: 0, width, height, colour: own, opacity: 0.12, radius: RADIUS });
    items.push({ kind: 'rect', x: 0, y: 0, width, height, colour: own, outline: 1, radius: RADIUS, opacity: 0.55 });
    items.push({ kind: 'rect', x: 0, y: 0, width: STRIPE, height, colour: own, radius: 2 });
  } else {
    items.push({ kind: 'rect', x: 0, y: 0, width, height, colour: 'step-area', opacity: 0.07, radius: RADIUS });
    items.push({
      kind: 'rect',
      x: 0,
      y: 0,
      width,
      height,
      colour: 'text-muted',
      outline: 1,
      radius: RADIUS,
      opacity: 0.7,
    });
  }
  const room = width - INDENT - 8;
  const name = fitText(labelNode(node), room, NAME * 1.04, measureText);
  const caption = fitText(captionNode(node), room, CAPTION, measureText);
  const muted = node.ended || node.sort === 'unexplained';
  items.push({
    kind: 'text',
    x: INDENT,
    y: 14,
    text: name,
    colour: muted ? 'text-muted' : 'text',
    size: NAME,
    align: 'left',
    bold: !muted,
  });
  items.push({
    kind: 'text',
    x: INDENT,
    y: 29,
    text: caption,
    colour: node.unexplained > 0 ? 'lost' : 'text-muted',
    size: CAPTION,
    align: 'left',
  });
  if (selected.has(node.id))
    items.push({
      kind: 'rect',
      x: -2,
      y: -2,
      width: width + 4,
      height: height + 4,
      colour: 'selection',
      outline: 2,
      radius: RADIUS + 2,
    });
  return items;
}

/** The colour of a holder; that of nobody in particular for a number below 0. */
export function colourOf(colour: number): Colour {
  return colour < 0 ? 'block' : `holder-${colour % HOLDER_COLOURS}`;
}
