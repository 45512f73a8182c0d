import { type Colour, type ColourRole, HOLDER_COLOURS } from '../view-model/display-list.ts';

export type ExportTheme = 'light' | 'dark' | 'print';

/** What every colour role looks like in a file, which has no style sheet to ask. */
interface ThemeColours {
  readonly roles: Readonly<Record<ColourRole, string>>;
  /** Shape: HOLDER_COLOURS of them. */
  readonly holders: readonly string[];
}

const light: ThemeColours = {
  roles: {
    background: '#ffffff',
    grid: '#e6eaef',
    rule: '#d8dee6',
    text: '#17202c',
    'text-muted': '#556275',
    'text-on-span': '#ffffff',
    'step-line': '#2a3a4f',
    'step-area': '#7f9cc4',
    block: '#5b6776',
    lost: '#b02a20',
    cursor: '#c2185b',
    hover: '#445163',
    selection: '#1f5fc4',
    marker: '#5a3fb0',
    note: '#8a5300',
  },
  holders: [
    '#2f63c0',
    '#b05a00',
    '#0b7a53',
    '#9c2f7f',
    '#0a7893',
    '#a8321e',
    '#616b00',
    '#5a3fb0',
    '#7a5230',
    '#c02a52',
    '#1d3f73',
    '#2f641c',
  ],
};

const dark: ThemeColours = {
  roles: {
    background: '#161b23',
    grid: '#232b36',
    rule: '#2a333f',
    text: '#e7ecf3',
    'text-muted': '#9ba7b7',
    'text-on-span': '#0c1118',
    'step-line': '#c3cfde',
    'step-area': '#7f9cc4',
    block: '#8b98a9',
    lost: '#ff8f84',
    cursor: '#ff6fa8',
    hover: '#b6c1cf',
    selection: '#7aabff',
    marker: '#b49cff',
    note: '#f0b95c',
  },
  holders: [
    '#7fa8ff',
    '#f5a742',
    '#45cf98',
    '#e88fd0',
    '#4fd0e8',
    '#ff8a6b',
    '#c6d453',
    '#b49cff',
    '#d0a57e',
    '#ff7f9c',
    '#a9c6e8',
    '#8fd06f',
  ],
};

/** Black on white, with lines that a copier keeps; holders stay apart in lightness as well as in hue. */
const print: ThemeColours = {
  roles: {
    ...light.roles,
    grid: '#dddddd',
    rule: '#999999',
    text: '#000000',
    'text-muted': '#333333',
    'step-line': '#000000',
    'step-area': '#000000',
    block: '#555555',
    cursor: '#000000',
    hover: '#333333',
    selection: '#000000',
    marker: '#000000',
    note: '#333333',
  },
  holders: light.holders,
};

const themes: Readonly<Record<ExportTheme, ThemeColours>> = { light, dark, print };

export const exportThemes = Object.keys(themes) as ExportTheme[];

/** The colour of a role or holder in a theme, as CSS and SVG write it. */
export function colourOf(theme: ExportTheme, colour: Colour): string {
  const { roles, holders } = themes[theme];
  if (colour in roles) return roles[colour as ColourRole];
  return holders[Number(colour.slice('holder-'.length)) % HOLDER_COLOURS]!;
}
