import { createFrameDecoder } from '../../../shared/capture-protocol/create-frame-decoder.ts';
import { encodeSnapshot } from '../../../shared/capture-protocol/encode-request.ts';
import { explainRefusal } from '../../../shared/capture-protocol/explain-refusal.ts';
import type { HelperFrame } from '../../../shared/capture-protocol/helper-frame.ts';
import type { HelperCommand } from '../capture/helper-command.ts';
import { type HelperProcess, startHelperProcess } from '../capture/start-helper-process.ts';
import { closedLook, explainEndedLook, explainRefusedLook, type FailedLook } from './explain-look.ts';
import { readUserNames } from './read-user-names.ts';

export type TakenSnapshot =
  /** The helper's bytes of one look, for `createSnapshotReader`. */
  { readonly ok: true; readonly chunks: readonly Uint8Array[] } | FailedLook;

/** A helper that looks at the system when asked, and stays for the next time: a password is asked for once. */
export interface SnapshotWatch {
  /** One look; the next waits for it. Never rejects. */
  take(): Promise<TakenSnapshot>;
  /** Ends the helper. */
  close(): void;
}

interface Running {
  readonly process: HelperProcess;
  readonly chunks: AsyncGenerator<Uint8Array, void, void>;
  readonly decoder: ReturnType<typeof createFrameDecoder>;
}

/**
 * Makes a watch whose helper is started when it is first asked, and again after it has ended.
 *
 * @param readNames gives a fact with the names of users, which is told with each look; it does not fail
 */
export function createSnapshotWatch(command: HelperCommand, readNames = readUserNames): SnapshotWatch {
  let names: Promise<Uint8Array> | undefined;
  let running: Running | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let closings = 0;

  function ask(): Running {
    const request = encodeSnapshot({ tools: true });
    if (running !== undefined) {
      running.process.send(request);
      return running;
    }
    const process = startHelperProcess(command, request);
    return { process, chunks: process.chunks(), decoder: createFrameDecoder() };
  }

  async function take(): Promise<TakenSnapshot> {
    running = ask();
    names ??= readNames();
    const { process, chunks, decoder } = running;
    const taken: Uint8Array[] = [];
    let failed: FailedLook | undefined;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
      taken.push(next.value);
      // A chunk at a time, and other work in between: decoding never takes long.
      const frames = decoder.push(next.value);
      failed ??= findFailure(frames, decoder.failed);
      if (failed !== undefined) break;
      if (frames.some(({ kind }) => kind === 'snapshot-end')) return { ok: true, chunks: [await names, ...taken] };
    }
    running = undefined;
    process.closeInput();
    if (failed?.end === 'garbled') process.kill();
    return failed ?? explainEndedLook(await process.ended, taken.length > 0);
  }

  return {
    take() {
      const mine = closings;
      const taken = last.then(() => (mine === closings ? take() : closedLook));
      last = taken.catch(() => undefined);
      return taken;
    },
    close() {
      closings += 1;
      running?.process.closeInput();
      // Whoever still asks for a password is no helper yet, and reads no input.
      running?.process.kill();
      running?.process.waitNoLonger();
      running = undefined;
    },
  };
}

function findFailure(
  frames: readonly HelperFrame[],
  garbled: ReturnType<typeof createFrameDecoder>['failed'],
): FailedLook | undefined {
  const refusal = frames.find((frame) => frame.kind === 'refusal');
  if (refusal !== undefined) return explainRefusedLook('refused', explainRefusal(refusal.code, refusal.sentence));
  return garbled === undefined ? undefined : explainRefusedLook('garbled', garbled);
}
