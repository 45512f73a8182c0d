import type { EventsAndHolds } from '../../shared/analysis/analysis.ts';
import type { IndexIntoEvents, IndexIntoHolds, LineNumber } from '../../shared/units.ts';

/** What a person has selected, by its place in the tables. */
export interface Selected {
  readonly row?: IndexIntoEvents;
  readonly hold?: IndexIntoHolds;
}

/** What was selected, by what stays when a recording grows: places do not, for late lines are sorted in. */
export interface Remembered {
  readonly rowLine: LineNumber | undefined;
  readonly hold: RememberedHold | undefined;
}

type RememberedHold =
  | { readonly startLine: LineNumber }
  /** Without an event that shows its start: which of those of its module it is. */
  | { readonly module: string; readonly place: number };

/** Notes what is selected in a way that holds when places in the tables change. */
export function rememberSelected({ table, holds }: EventsAndHolds, { row, hold }: Selected): Remembered {
  return {
    rowLine: row === undefined ? undefined : table.line[row],
    hold: hold === undefined || hold >= holds.length ? undefined : rememberHold(hold),
  };

  function rememberHold(index: IndexIntoHolds): RememberedHold {
    const startRow = holds.startRow[index]!;
    if (startRow >= 0) return { startLine: table.line[startRow]! };
    const module = holds.module[index]!;
    let place = 0;
    for (let other = 0; other < index; other++)
      if (holds.module[other] === module && holds.startRow[other]! < 0) place++;
    return { module: table.modules[module]!, place };
  }
}

/** Where it stands now; without what is not there any more. */
export function findSelected({ table, holds }: EventsAndHolds, { rowLine, hold }: Remembered): Selected {
  const row = rowLine === undefined ? -1 : table.line.indexOf(rowLine);
  const found = hold === undefined ? -1 : findHold(hold);
  return { ...(row < 0 ? {} : { row }), ...(found < 0 ? {} : { hold: found }) };

  function findHold(remembered: RememberedHold): number {
    if ('startLine' in remembered) {
      const startRow = table.line.indexOf(remembered.startLine);
      return startRow < 0 ? -1 : holds.startRow.indexOf(startRow);
    }
    const module = table.modules.indexOf(remembered.module);
    let { place } = remembered;
    for (let index = 0; index < holds.length; index++)
      if (holds.module[index] === module && holds.startRow[index]! < 0 && place-- === 0) return index;
    return -1;
  }
}
