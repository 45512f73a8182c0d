import type { RecordingTime } from '../units.ts';
import type { Accounting } from './accounting.ts';

/** The account of a module of which nothing is known at a time, and why. */
export function knowNothing(module: string, at: RecordingTime, state: 'absent' | 'unknown', why: string): Accounting {
  return {
    module,
    at,
    state,
    refcount: undefined,
    lsmod: undefined,
    explained: undefined,
    unexplained: undefined,
    baseline: 0,
    holders: [],
    arithmetic: `${module}: ${why}`,
    cautions: [],
  };
}
