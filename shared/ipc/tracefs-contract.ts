import * as v from 'valibot';
import { captureEnds } from '../capture-protocol/capture-progress.ts';
import { count, nothing, problem, text } from './wire-values.ts';

/** No file of tracefs is given longer than this; who wants all of it reads it there. */
export const maxFactLength = 4096;
export const maxFacts = 512;

const fact = v.strictObject({
  /** Its path below tracefs; `place` is where that is, `kernel` what `uname -r` says. */
  name: text(1024),
  /** The errno of reading it; 0 when it could be read. */
  error: count,
  text: text(maxFactLength),
  /** It is longer than what is here. */
  cut: v.boolean(),
});

export const tracefsRequests = {
  /** Reads, as root, what there is to see in tracefs; somebody may be asked for a password first. */
  'tracefs.read': {
    input: nothing,
    output: v.variant('ok', [
      v.strictObject({
        ok: v.literal(true),
        facts: v.pipe(v.array(fact), v.maxLength(maxFacts)),
        /** Facts that were left out because all together would have been too long. */
        leftOut: count,
      }),
      v.strictObject({ ok: v.literal(false), end: v.picklist(captureEnds), problem }),
    ]),
  },
} as const;
