import * as v from 'valibot';
import { captureEnds } from '../capture-protocol/capture-progress.ts';
import { count, nothing, problem, text, trace } from './wire-values.ts';

/** As whom the system is looked at: as whoever runs the host, or as root, which somebody is asked for. */
const snapshotWays = ['user', 'root'] as const;
export type SnapshotWay = (typeof snapshotWays)[number];

export const snapshotRequests = {
  /**
   * Looks at the system once, and begins to send the raw facts, as the helper's frames: `trace.chunk` until its `last`, or
   * one `trace.failed`. A helper that was made root for one look stays for the next.
   */
  'snapshot.take': {
    input: v.strictObject({ way: v.picklist(snapshotWays) }),
    output: v.variant('ok', [
      v.strictObject({ ok: v.literal(true), trace, name: text(255), bytes: count }),
      /** `end` tells a dismissed question from a wrong password, and both from what is broken. */
      v.strictObject({ ok: v.literal(false), end: v.picklist(captureEnds), problem }),
    ]),
  },
  /** Ends the helper that is root; the next look as root asks again. */
  'snapshot.release': { input: nothing, output: nothing },
} as const;

export type SnapshotRefusal = Extract<
  v.InferOutput<(typeof snapshotRequests)['snapshot.take']['output']>,
  { ok: false }
>;
