import { encodeSnapshot } from '../../../shared/capture-protocol/encode-request.ts';
import { readSnapshot } from '../../../shared/snapshot/create-snapshot-reader.ts';
import type { SystemSnapshot } from '../../../shared/snapshot/system-snapshot.ts';
import { type HelperEnd, isKind, type StartOptions, startHelper } from './start-helper.ts';

export interface TakenLook extends HelperEnd {
  readonly snapshot: SystemSnapshot;
  readonly result: string;
}

/** One look by the helper at a fake system, and its end. */
export async function takeLook(system: string, options: StartOptions = {}): Promise<TakenLook> {
  const helper = startHelper(system, { ...options, env: { FAKE_SYSTEM: system, ...options.env } });
  const pieces: Buffer[] = [];
  helper.process.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  helper.process.stdin.write(encodeSnapshot({ tools: true }));
  const { result } = await helper.until(isKind('snapshot-end'));
  helper.process.stdin.end();
  const ended = await helper.ended();
  const outcome = readSnapshot(pieces);
  if (!outcome.ok) throw new Error(`${outcome.problem.what} ${outcome.problem.why}`);
  return { ...ended, snapshot: outcome.snapshot, result };
}
