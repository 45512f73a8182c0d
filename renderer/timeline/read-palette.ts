import { type Colour, HOLDER_COLOURS } from '../../shared/view-model/display-list.ts';

/** What every colour role looks like in the theme that is on the page now. */
export type Palette = ReadonlyMap<Colour, string>;

const ROLES: readonly (readonly [Colour, string])[] = [
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
];

const VARIABLES = new Map(ROLES);

/** A colour for a style sheet: `var(--surface)`. */
export function cssColour(colour: Colour): string {
  return `var(${VARIABLES.get(colour) ?? `--${colour}`})`;
}

/** Reads the colours from the style sheets, so that canvas and page have one source. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const palette = new Map<Colour, string>();
  for (const [role, variable] of ROLES) palette.set(role, style.getPropertyValue(variable).trim());
  for (let i = 0; i < HOLDER_COLOURS; i++) palette.set(`holder-${i}`, style.getPropertyValue(`--holder-${i}`).trim());
  return palette;
}
