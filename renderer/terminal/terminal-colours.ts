import type { ITheme } from '@xterm/xterm';

/** Ground, text and cursor are the window's own, as its style sheet has them now. */
function ownColours(): ITheme {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(name).trim();
  return {
    background: of('--surface'),
    foreground: of('--text'),
    cursor: of('--accent'),
    cursorAccent: of('--surface'),
    selectionBackground: of('--selected'),
    selectionInactiveBackground: of('--selected'),
    scrollbarSliderBackground: of('--border'),
    scrollbarSliderHoverBackground: of('--border-strong'),
    scrollbarSliderActiveBackground: of('--border-strong'),
  };
}

/** The sixteen colours of programs: dark enough on white, bright enough on black. */
const LIGHT: ITheme = {
  black: '#17202c',
  red: '#b02a20',
  green: '#14713f',
  yellow: '#8a5300',
  blue: '#1f5fc4',
  magenta: '#9c2f7f',
  cyan: '#0a7893',
  white: '#556275',
  brightBlack: '#556275',
  brightRed: '#c02a52',
  brightGreen: '#0b7a53',
  brightYellow: '#b05a00',
  brightBlue: '#2f63c0',
  brightMagenta: '#5a3fb0',
  brightCyan: '#0a7893',
  brightWhite: '#2a3a4f',
};

const DARK: ITheme = {
  black: '#465364',
  red: '#ff8f84',
  green: '#63cf95',
  yellow: '#f0b95c',
  blue: '#7aabff',
  magenta: '#e88fd0',
  cyan: '#4fd0e8',
  white: '#b6c1cf',
  brightBlack: '#9ba7b7',
  brightRed: '#ff7f9c',
  brightGreen: '#8fd06f',
  brightYellow: '#f5a742',
  brightBlue: '#a9c6e8',
  brightMagenta: '#b49cff',
  brightCyan: '#45cf98',
  brightWhite: '#e7ecf3',
};

/** The sixteen colours of a theme, and the window’s own for ground, text and selection. */
export function terminalColours(theme: 'light' | 'dark'): ITheme {
  return { ...(theme === 'light' ? LIGHT : DARK), ...ownColours() };
}

/** xterm.js measures letters on a canvas, which knows no CSS variables. */
export function terminalFont(): string {
  return getComputedStyle(document.documentElement).getPropertyValue('--mono').trim() || 'monospace';
}
