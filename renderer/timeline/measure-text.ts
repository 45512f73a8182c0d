import type { MeasureText } from '../../shared/view-model/display-list.ts';
import { CANVAS_FONT } from './paint-display-list.ts';

const context = document.createElement('canvas').getContext('2d');
const known = new Map<string, number>();
/** Labels repeat from frame to frame; hostile ones must not fill the memory. */
const MOST_KNOWN = 4_000;

/** Width of a text in the timeline's font. */
export const measureText: MeasureText = (text, size) => {
  if (context === null) return text.length * size * 0.6;
  const key = `${size} ${text}`;
  let width = known.get(key);
  if (width === undefined) {
    context.font = `400 ${size}px ${CANVAS_FONT}`;
    width = context.measureText(text).width;
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, width);
  }
  return width;
};
