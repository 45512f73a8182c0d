import { readFileSync } from 'node:fs';
import { readSnapshot } from '../../shared/snapshot/create-snapshot-reader.ts';
import type { SystemSnapshot } from '../../shared/snapshot/system-snapshot.ts';

export const snapshotFixtures = ['graphical-session', 'disks-and-mounts', 'network', 'network-as-user'] as const;
export type SnapshotFixture = (typeof snapshotFixtures)[number];

/** What was true when the snapshot was taken. */
export interface SnapshotTruth {
  readonly about: string;
  /** /sys/module/NAME/refcnt, read by somebody else than the helper. */
  readonly refcounts: Readonly<Record<string, number>>;
  /** Who holds what, by the one who made it so. */
  readonly who?: Readonly<Record<string, unknown>>;
}

const fixture = (file: string) => new URL(`../fixtures/snapshots/${file}`, import.meta.url);

/** The bytes that the helper sent in a real kernel. */
export function readSnapshotBytes(name: SnapshotFixture): Uint8Array {
  return readFileSync(fixture(`${name}.frames`));
}

export function readSnapshotFixture(name: SnapshotFixture): {
  readonly snapshot: SystemSnapshot;
  readonly truth: SnapshotTruth;
} {
  const outcome = readSnapshot([readSnapshotBytes(name)]);
  if (!outcome.ok) throw new Error(outcome.problem.why);
  return { snapshot: outcome.snapshot, truth: JSON.parse(readFileSync(fixture(`${name}.json`), 'utf8')) };
}
