import type { Handlers } from '../../../shared/ipc/server.ts';
import type { SnapshotWay, snapshotRequests } from '../../../shared/ipc/snapshot-contract.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { CaptureMeans } from '../capture/capture-means.ts';
import type { OpenTraces } from '../open-traces.ts';
import { maxChunkBytes } from '../stream-trace.ts';
import { chooseLookCommand } from './choose-look-command.ts';
import { createSnapshotWatch, type SnapshotWatch, type TakenSnapshot } from './create-snapshot-watch.ts';

/** The helpers of one host that look, which its windows share: one for each way. */
export interface SnapshotWatches {
  take(way: SnapshotWay): Promise<TakenSnapshot>;
  /** Ends the helper of a way; the next look starts another. */
  release(way: SnapshotWay): void;
}

/** @param root the folder of package.json */
export function createSnapshotWatches(means: CaptureMeans, root: string): SnapshotWatches {
  const watches = new Map<SnapshotWay, SnapshotWatch>();
  const release = (way: SnapshotWay) => {
    watches.get(way)?.close();
    watches.delete(way);
  };
  return {
    async take(way) {
      let watch = watches.get(way);
      if (watch === undefined) {
        const chosen = chooseLookCommand(way, means, root);
        if (!chosen.ok) return { ok: false, end: 'not-started', problem: chosen.problem };
        watch = createSnapshotWatch(chosen.command);
        watches.set(way, watch);
      }
      const taken = await watch.take();
      // What may have been installed or allowed meanwhile is chosen afresh.
      if (!taken.ok && watches.get(way) === watch) release(way);
      return taken;
    },
    release,
  };
}

/** Answers what one window asks of the watches. */
export function snapshotHandlers(
  watches: SnapshotWatches,
  traces: OpenTraces,
): Pick<Handlers, keyof typeof snapshotRequests> {
  return {
    'snapshot.take': async ({ way }) => {
      const taken = await watches.take(way);
      if (!taken.ok) return taken;
      const { chunks } = taken;
      const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
      const sent = traces.send('snapshot', bytes, { read: () => cut(chunks), explain: neverFails });
      return sent.ok ? sent : { ...sent, end: 'failed' };
    },
    'snapshot.release': async () => {
      watches.release('root');
      return null;
    },
  };
}

/** In pieces that fit a frame of the contract. */
async function* cut(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks)
    for (let at = 0; at < chunk.length; at += maxChunkBytes) yield chunk.subarray(at, at + maxChunkBytes);
}

function neverFails(error: unknown): Problem {
  throw error;
}
