import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { encodeSnapshot } from '../../../shared/capture-protocol/encode-request.ts';
import { createSnapshotReader } from '../../../shared/snapshot/create-snapshot-reader.ts';
import type { SystemSnapshot } from '../../../shared/snapshot/system-snapshot.ts';
import { refcountOf } from './kernel.ts';

/** What the helper said of the system, as bytes and as what they mean. */
export interface Look {
  readonly bytes: Uint8Array;
  readonly snapshot: SystemSnapshot;
}

/** Asks the helper once, as root or as the user of this number. */
export async function lookAround(uid?: number): Promise<Look> {
  const identity = uid === undefined ? {} : { uid, gid: uid };
  const child = spawn('/lab/bin/capture-helper', [], { stdio: ['pipe', 'pipe', 'inherit'], env: {}, ...identity });
  const reader = createSnapshotReader();
  const pieces: Buffer[] = [];
  child.stdin.write(encodeSnapshot({ tools: true }));
  for await (const piece of child.stdout as AsyncIterable<Buffer>) {
    if (!reader.done) pieces.push(piece);
    reader.push(piece);
    if (reader.done) child.stdin.end();
  }
  const outcome = reader.finish();
  if (!outcome.ok) throw new Error(`${outcome.problem.what} ${outcome.problem.why}`);
  return { bytes: Buffer.concat(pieces), snapshot: outcome.snapshot };
}

/** Who really holds what: `vkms: 2 by …`, told by who made it so. */
export type Truth = Readonly<Record<string, unknown>>;

/** Keeps a look, and what is true of it, for tests that have no kernel at hand. */
export function keepLook(name: string, { bytes }: Look, truth: Truth): void {
  mkdirSync('/out/snapshots', { recursive: true });
  writeFileSync(`/out/snapshots/${name}.frames`, bytes);
  const refcounts = Object.fromEntries(
    readdirSync('/sys/module')
      .map((module) => [module, refcountOf(module)] as const)
      .filter(([, count]) => count !== undefined),
  );
  writeFileSync(`/out/snapshots/${name}.json`, `${JSON.stringify({ ...truth, refcounts }, null, 2)}\n`);
}
