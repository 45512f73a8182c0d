import { escapeTerminal } from './escape-terminal.ts';

/**
 * Lines as a block of code: Markdown shows them as they are, and none of them can end the block. They are to be
 * escaped already, as for a terminal.
 *
 * Source: CommonMark 0.31, 4.5 (fenced code blocks)
 */
export function fenceMarkdown(text: string): string {
  const lines = text.replace(/\n$/, '');
  const fence = '`'.repeat(Math.max(3, longestRun(lines) + 1));
  return `${fence}text\n${lines}\n${fence}`;
}

/**
 * A text that strangers had a part in, as code within a line.
 *
 * Source: CommonMark 0.31, 6.1 (code spans)
 */
export function spanMarkdown(text: string): string {
  const shown = escapeTerminal(text) || ' ';
  const ticks = '`'.repeat(longestRun(shown) + 1);
  // One blank at both ends is taken away again, so it parts the text from the ticks.
  return /^[` ]|[` ]$/.test(shown) ? `${ticks} ${shown} ${ticks}` : `${ticks}${shown}${ticks}`;
}

/** The destination of a link or picture. Source: CommonMark 0.31, 6.3 */
export function linkMarkdown(path: string): string {
  return `<${path.split('/').map(encodeURIComponent).join('/')}>`;
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}
