/** What may stand in a cell. */
export type Cell = string | number | boolean | undefined;

/**
 * One record of CSV. Undefined is an empty cell.
 *
 * Source: RFC 4180. A text that a spreadsheet would take for a formula gets a ' in front, which spreadsheets hide;
 * task names are chosen by strangers. Source: OWASP, CSV Injection
 */
export function printCsvRecord(cells: readonly Cell[]): string {
  return `${cells.map(printCell).join(',')}\r\n`;
}

function printCell(cell: Cell): string {
  if (typeof cell !== 'string') return cell === undefined ? '' : String(cell);
  const text = /^[=+\-@\t\r\n＝＋－＠]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
