import { Confidence, type HoldTable } from '../analysis/hold-table.ts';
import { EventKind, type EventTable } from '../event-table/event-table.ts';
import { HoldState } from './filter-keys.ts';

/** Per row, the HoldState bits of the holds that the event opens or closes. */
export function markHoldStates(table: EventTable, holds: HoldTable): Uint8Array {
  const states = new Uint8Array(table.length);
  for (let hold = 0; hold < holds.length; hold++) {
    let state: number = holds.end[hold] === Number.POSITIVE_INFINITY ? HoldState.open : HoldState.ended;
    if (holds.transient[hold] !== 0) state |= HoldState.transient;
    else if (holds.confidence[hold] === Confidence.low) state |= HoldState.unexplained;
    if (holds.startRow[hold]! >= 0) states[holds.startRow[hold]!]! |= state;
    if (holds.endRow[hold]! >= 0) states[holds.endRow[hold]!]! |= state;
  }
  for (let row = 0; row < table.length; row++) {
    const kind = table.kind[row];
    if (states[row] === 0 && (kind === EventKind.get || kind === EventKind.put)) states[row] = HoldState.unpaired;
  }
  return states;
}
