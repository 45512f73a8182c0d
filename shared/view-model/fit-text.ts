import type { CssPixels } from '../units.ts';
import type { MeasureText } from './display-list.ts';

/** The text, or as much of its start as fits with an ellipsis; empty where not even three characters do. */
export function fitText(text: string, width: CssPixels, size: CssPixels, measureText: MeasureText): string {
  if (width <= 0) return '';
  if (measureText(text, size) <= width) return text;
  const letters = Array.from(text);
  let fits = 0;
  let tooMany = letters.length;
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >> 1;
    if (measureText(`${letters.slice(0, middle).join('')}…`, size) <= width) fits = middle;
    else tooMany = middle;
  }
  return fits < 3 ? '' : `${letters.slice(0, fits).join('')}…`;
}
