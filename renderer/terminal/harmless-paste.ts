/**
 * A text as it may be pasted: a page chooses what it has one copy, and an ESC in it would end the bracketed paste before
 * the text does (`ESC [ 201 ~`), so that the shell runs what follows. Tabs and line ends stay.
 */
export function harmlessPaste(text: string): string {
  return text.replace(/[^\P{Cc}\t\r\n]/gu, '');
}
