import { type Colour, HOLDER_COLOURS } from '../../shared/view-model/display-list.ts';

/** What every colour role looks like in the theme that is on the page now. */
export type Palette = ReadonlyMap<Colour, string>;

/** The variable of each colour role. */
export const COLOUR_VARIABLES: ReadonlyMap<Colour, string> = new Map<Colour, string>([
  ['background', '--surface'],
  ['grid', '--grid'],
  ['rule', '--border'],
  ['text', '--text'],
  ['text-muted', '--text-3'],
  ['text-on-span', '--on-holder'],
  ['step-line', '--step'],
  ['step-area', '--step-area'],
  ['block', '--holder-none'],
  ['lost', '--lost'],
  ['cursor', '--cursor'],
  ['hover', '--text-2'],
  ['selection', '--accent'],
  ['marker', '--marker'],
  ['note', '--warn'],
  ...Array.from({ length: HOLDER_COLOURS }, (_, i) => [`holder-${i}`, `--holder-${i}`] as const),
]);

/** A colour for a style sheet: `var(--surface)`. */
export function cssColour(colour: Colour): string {
  return `var(${COLOUR_VARIABLES.get(colour)})`;
}

/** Reads the colours from the style sheets, so that canvas and page have one source. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  return new Map(Array.from(COLOUR_VARIABLES, ([role, variable]) => [role, style.getPropertyValue(variable).trim()]));
}
