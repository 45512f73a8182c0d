import type { CssPixels } from '../units.ts';

/** What a colour is for; the theme says what it looks like. */
export type ColourRole =
  | 'background'
  | 'grid'
  | 'rule'
  | 'text'
  | 'text-muted'
  | 'text-on-span'
  | 'step-line'
  | 'step-area'
  | 'block'
  | 'lost'
  | 'cursor'
  | 'hover'
  | 'selection'
  | 'marker'
  | 'note';

/** How many colours a theme has for holders; `holder-0` to `holder-11`. */
export const HOLDER_COLOURS = 12;

export type Colour = ColourRole | `holder-${number}`;

/**
 * A picture as data: painted in order, later items over earlier ones. The same list goes to a canvas and into a file,
 * so it knows neither, and no colours.
 *
 * Units: CssPixels from the upper left corner.
 */
export interface DisplayList {
  readonly width: CssPixels;
  readonly height: CssPixels;
  readonly items: readonly DisplayItem[];
}

export type DisplayItem = Polyline | Polygon | Columns | Rect | Hatch | Text;

export interface Polyline {
  readonly kind: 'polyline';
  /** x, y, x, y … */
  readonly points: readonly number[];
  readonly colour: Colour;
  readonly lineWidth: CssPixels;
  readonly dashed?: boolean;
}

export interface Polygon {
  readonly kind: 'polygon';
  /** x, y, x, y …; closed by itself, and only filled. */
  readonly points: readonly number[];
  readonly colour: Colour;
  readonly opacity?: number;
}

/**
 * Upright bars side by side, each one CssPixel wide, so that a line of thousands of vertices costs no more than its
 * pixels.
 *
 * Shape: bar `i` goes from `x + i` to `x + i + 1` and from `y + tops[i]` to `y + bottoms[i]`; NaN where there is none.
 */
export interface Columns {
  readonly kind: 'columns';
  readonly x: CssPixels;
  readonly y: CssPixels;
  readonly tops: readonly CssPixels[];
  readonly bottoms: readonly CssPixels[];
  readonly colour: Colour;
  readonly opacity?: number;
}

export interface Rect {
  readonly kind: 'rect';
  readonly x: CssPixels;
  readonly y: CssPixels;
  readonly width: CssPixels;
  readonly height: CssPixels;
  readonly colour: Colour;
  readonly opacity?: number;
  /** Drawn as an outline of this width, inside the rectangle, where given; else filled. */
  readonly outline?: CssPixels;
  readonly radius?: CssPixels;
}

/** A rectangle filled with diagonal strokes. */
export interface Hatch {
  readonly kind: 'hatch';
  readonly x: CssPixels;
  readonly y: CssPixels;
  readonly width: CssPixels;
  readonly height: CssPixels;
  readonly colour: Colour;
}

/** One line of text, its vertical middle at `y`. */
export interface Text {
  readonly kind: 'text';
  readonly x: CssPixels;
  readonly y: CssPixels;
  readonly text: string;
  readonly colour: Colour;
  /** Height of the font. */
  readonly size: CssPixels;
  readonly align: 'left' | 'centre' | 'right';
  readonly bold?: boolean;
}

/** How wide a text is in the font that will be used; the size is the font's height. */
export type MeasureText = (text: string, size: CssPixels) => CssPixels;
