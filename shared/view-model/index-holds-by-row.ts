import type { HoldTable } from '../analysis/hold-table.ts';

/** Per row, the hold that the event opens, or else closes; −1 for none. */
export function indexHoldsByRow(holds: HoldTable, rows: number): Int32Array {
  const found = new Int32Array(rows).fill(-1);
  for (let hold = 0; hold < holds.length; hold++) if (holds.endRow[hold]! >= 0) found[holds.endRow[hold]!] = hold;
  for (let hold = 0; hold < holds.length; hold++) if (holds.startRow[hold]! >= 0) found[holds.startRow[hold]!] = hold;
  return found;
}
