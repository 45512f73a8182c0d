import type { Problem } from '../../shared/problem.ts';
import type { TracefsDescription } from '../../shared/tracefs/describe-tracefs.ts';

/** What tracefs said when somebody looked last. */
export interface TracefsSlice {
  readonly tracefs:
    | { readonly description: TracefsDescription; readonly leftOut: number; readonly at: Date }
    | undefined;
  /** Why the last look failed; what was seen before stays. */
  readonly tracefsProblem: Problem | undefined;
  readonly tracefsReading: boolean;
}

export const noTracefs: TracefsSlice = { tracefs: undefined, tracefsProblem: undefined, tracefsReading: false };
