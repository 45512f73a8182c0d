import type { CssPixels } from '../units.ts';
import type { Colour, Columns, DisplayItem, Hatch, Polygon, Polyline, Rect, Text } from '../view-model/display-list.ts';
import { printColumns } from '../view-model/print-columns.ts';
import { escapeXml } from './escape-xml.ts';

/** Distance of the strokes of a hatch, from one to the next along a side. */
const HATCH_STEP: CssPixels = 6;
/**
 * How far below the middle of a text its baseline lies, as a part of the font's size: half of what the em square has
 * above the baseline, less half of what it has below, of Inter. Written out, for few programs know
 * `dominant-baseline`.
 */
const MIDDLE_TO_BASELINE = 0.3006;

/** Writes the items of display lists as SVG elements, as the canvas paints them, and keeps the patterns they need. */
export class SvgItems {
  private readonly colourOf: (colour: Colour) => string;
  private readonly patterns = new Map<string, string>();

  constructor(colourOf: (colour: Colour) => string) {
    this.colourOf = colourOf;
  }

  print(item: DisplayItem): string {
    switch (item.kind) {
      case 'polyline':
        return this.polyline(item);
      case 'polygon':
        return this.polygon(item);
      case 'columns':
        return this.columns(item);
      case 'rect':
        return this.rect(item);
      case 'hatch':
        return this.hatch(item);
      case 'text':
        return this.text(item);
    }
  }

  /** The element that holds the patterns of all items printed so far; none where there are none. */
  definitions(): readonly string[] {
    return this.patterns.size === 0 ? [] : [`<defs>${[...this.patterns.values()].join('')}</defs>`];
  }

  private polyline({ points, colour, lineWidth, dashed }: Polyline): string {
    // A line of one pixel between two rows of pixels would be two grey ones.
    const crisp = lineWidth === 1 && points.length === 4;
    const placed = crisp ? points.map((place) => Math.round(place) + 0.5) : points;
    const dashes = dashed === true ? ' stroke-dasharray="4 3"' : '';
    return `<polyline points="${printPoints(placed)}" fill="none" stroke="${this.colourOf(colour)}" stroke-width="${printNumber(lineWidth)}" stroke-linejoin="round"${dashes}/>`;
  }

  private polygon({ points, colour, opacity }: Polygon): string {
    return `<polygon points="${printPoints(points)}" fill="${this.colourOf(colour)}"${printOpacity(opacity)}/>`;
  }

  private columns(item: Columns): string {
    return `<path d="${printColumns(item, printNumber)}" fill="${this.colourOf(item.colour)}"${printOpacity(item.opacity)}/>`;
  }

  private rect({ x, y, width, height, colour, opacity, outline = 0, radius = 0 }: Rect): string {
    const [w, h] = [width - outline, height - outline];
    if (w <= 0 || h <= 0) return '';
    const place = `x="${printNumber(x + outline / 2)}" y="${printNumber(y + outline / 2)}" width="${printNumber(w)}" height="${printNumber(h)}"`;
    const round = radius === 0 ? '' : ` rx="${printNumber(Math.min(radius, w / 2, h / 2))}"`;
    const paint =
      outline === 0
        ? `fill="${this.colourOf(colour)}"`
        : `fill="none" stroke="${this.colourOf(colour)}" stroke-width="${printNumber(outline)}"`;
    return `<rect ${place}${round} ${paint}${printOpacity(opacity)}/>`;
  }

  private hatch({ x, y, width, height, colour }: Hatch): string {
    const place = `x="${printNumber(x)}" y="${printNumber(y)}" width="${printNumber(width)}" height="${printNumber(height)}"`;
    return `<rect ${place} fill="${this.colourOf(colour)}" opacity="0.12"/><rect ${place} fill="url(#${this.pattern(y, colour)})" opacity="0.55"/>`;
  }

  /**
   * Strokes from lower left to upper right, where x + y − the hatch's own y is a multiple of the step: hatches over and
   * beside each other in a track go on in each other.
   */
  private pattern(y: CssPixels, colour: Colour): string {
    const shift = ((y % HATCH_STEP) + HATCH_STEP) % HATCH_STEP;
    const id = `hatch-${colour}-${printNumber(shift).replace('.', '_')}`;
    const step = HATCH_STEP;
    this.patterns.set(
      id,
      `<pattern id="${id}" width="${step}" height="${step}" patternUnits="userSpaceOnUse" patternTransform="translate(0 ${printNumber(shift)})"><path d="M-1 1L1 -1M0 ${step}L${step} 0M${step - 1} ${step + 1}L${step + 1} ${step - 1}" stroke="${this.colourOf(colour)}"/></pattern>`,
    );
    return id;
  }

  private text({ x, y, text, colour, size, align, bold }: Text): string {
    const anchor = align === 'left' ? '' : ` text-anchor="${align === 'centre' ? 'middle' : 'end'}"`;
    const baseline = y + 0.5 + size * MIDDLE_TO_BASELINE;
    return `<text x="${printNumber(x)}" y="${printNumber(baseline)}" font-size="${printNumber(size)}"${bold === true ? ' font-weight="600"' : ''}${anchor} fill="${this.colourOf(colour)}">${escapeXml(text)}</text>`;
  }
}

/** A thousandth of a pixel is enough for any screen. */
export function printNumber(value: number): string {
  const rounded = Math.round(value * 1000) / 1000;
  return Object.is(rounded, -0) ? '0' : String(rounded);
}

function printPoints(points: readonly number[]): string {
  const pairs: string[] = [];
  for (let i = 0; i < points.length; i += 2) pairs.push(`${printNumber(points[i]!)},${printNumber(points[i + 1]!)}`);
  return pairs.join(' ');
}

function printOpacity(opacity: number | undefined): string {
  return opacity === undefined || opacity === 1 ? '' : ` opacity="${printNumber(opacity)}"`;
}
