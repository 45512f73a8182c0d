import type { Analysis } from '../../shared/analysis/analysis.ts';
import { accountInSteps, type Recorded } from '../../shared/analysis/present/account-for-present.ts';
import { planRelease } from '../../shared/analysis/present/plan-release.ts';
import type { Problem } from '../../shared/problem.ts';
import { readSnapshotInSteps } from '../../shared/snapshot/create-snapshot-reader.ts';
import type { SystemSnapshot } from '../../shared/snapshot/system-snapshot.ts';
import type { PresentAnalysis } from '../../shared/view-model/create-present-view.ts';

export type PresentOutcome =
  | { readonly ok: true; readonly analysis: PresentAnalysis }
  | { readonly ok: false; readonly problem: Problem };

/**
 * Decodes one look's frames and accounts for every reference; with what a recording of the same system says. In steps
 * of some milliseconds, between which other work may be done.
 */
export function* analysePresent(
  frames: readonly Uint8Array[],
  recording: Analysis | undefined,
): Generator<void, PresentOutcome> {
  const read = yield* readSnapshotInSteps(frames);
  if (!read.ok) return read;
  const { snapshot } = read;
  const accounts = yield* accountInSteps(snapshot, recording && timed(recording, snapshot));
  return { ok: true, analysis: { snapshot, accounts, plan: (module) => planRelease(accounts, snapshot, module) } };
}

/** The recording at the end of the look: events that came since are of another time than what was seen. */
function timed(analysis: Analysis, { ended }: SystemSnapshot): Recorded {
  const { clock, time, length } = analysis.table;
  const end = length === 0 ? 0 : time[length - 1]!;
  const now = Number(ended - clock.start);
  // The trace clock is that of the look (mono), unless the kernel has none such: then everything recorded counts.
  return { analysis, now: clock.unit === 'nanoseconds' && now > 0 ? Math.min(now, end) : end };
}
