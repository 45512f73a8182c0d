import { setImmediate } from 'node:timers/promises';
import type { SnapshotWay } from '../../../shared/ipc/snapshot-contract.ts';
import type { Problem } from '../../../shared/problem.ts';
import { createSnapshotReader } from '../../../shared/snapshot/create-snapshot-reader.ts';
import type { SystemSnapshot } from '../../../shared/snapshot/system-snapshot.ts';
import type { CaptureMeans } from '../capture/capture-means.ts';
import { chooseLookCommand } from './choose-look-command.ts';
import { createSnapshotWatch, type SnapshotWatch } from './create-snapshot-watch.ts';

export type SnapshotOutcome =
  | { readonly ok: true; readonly snapshot: SystemSnapshot }
  | { readonly ok: false; readonly problem: Problem };

/** Takes snapshots for the host itself; each way keeps one helper until `close`. */
export interface SnapshotTaker {
  take(way: SnapshotWay): Promise<SnapshotOutcome>;
  close(): void;
}

/** @param root the folder of package.json, where a source checkout has built the helper */
export function createSnapshotTaker(means: CaptureMeans, root: string): SnapshotTaker {
  const watches = new Map<SnapshotWay, SnapshotWatch>();
  return {
    async take(way) {
      let watch = watches.get(way);
      if (watch === undefined) {
        const chosen = chooseLookCommand(way, means, root);
        if (!chosen.ok) return chosen;
        watch = createSnapshotWatch(chosen.command);
        watches.set(way, watch);
      }
      return readFrom(watch);
    },
    close() {
      for (const watch of watches.values()) watch.close();
      watches.clear();
    },
  };
}

/** One look, read a chunk at a time, with other work in between. */
async function readFrom(watch: SnapshotWatch): Promise<SnapshotOutcome> {
  const taken = await watch.take();
  if (!taken.ok) return taken;
  const reader = createSnapshotReader();
  for (const chunk of taken.chunks) {
    reader.push(chunk);
    await setImmediate();
  }
  return reader.finish();
}
