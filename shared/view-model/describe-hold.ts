import { accountFor } from '../analysis/account-for.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { Confidence, type ConfidenceName } from '../analysis/hold-table.ts';
import type { IndexIntoHolds, RecordingTime } from '../units.ts';
import { labelHolder } from './label-holder.ts';
import { printCallSite } from './print-call-site.ts';
import type { HoldFacts } from './recording-view.ts';

const NAMES = Object.keys(Confidence) as ConfidenceName[];

/** All that a tooltip says of one hold. */
export function describeHold(analysis: Analysis, hold: IndexIntoHolds): HoldFacts {
  const { table, holds } = analysis;
  const holder = holds.holders[holds.holder[hold]!]!;
  const module = table.modules[holds.module[hold]!]!;
  const rows = [holds.startRow[hold]!, holds.endRow[hold]!].filter((row) => row >= 0);
  // Its meaning is told where its holder is accounted for, at a time when it is held.
  const account = accountFor(analysis, module, timeWithin(analysis, hold)).holders.find(({ holds }) =>
    holds.includes(hold),
  );
  return {
    module,
    holder: labelHolder(holder),
    kind: holder.kind,
    colour: holder.colour,
    callSite: printCallSite(table, holds.startRow[hold]!),
    meaning: account?.meaning ?? '',
    confidence: NAMES[holds.confidence[hold]!]!,
    start: holds.start[hold]!,
    end: holds.end[hold]!,
    lines: rows.map((row) => table.line[row]!),
  };
}

function timeWithin({ table, holds }: Analysis, hold: IndexIntoHolds): RecordingTime {
  const start = holds.start[hold]!;
  if (start !== Number.NEGATIVE_INFINITY) return start;
  // From before the recording: it is told of from the module's first event on.
  const first = table.module.indexOf(holds.module[hold]!);
  return first < 0 ? 0 : table.time[first]!;
}
