import type { FileHandle } from 'node:fs/promises';
import type { Problem } from '../../shared/problem.ts';
import { describeFileError } from './open-trace-file.ts';

/** One frame's worth: large enough that a frame's cost is nothing, small enough for the first picture to come soon. */
const chunkBytes = 1024 * 1024;
/** Above this the host stops reading until the page acknowledges. */
const windowBytes = 8 * 1024 * 1024;

/** Where a streamed file goes. */
export interface TraceSink {
  chunk(sequence: number, last: boolean, bytes: Uint8Array): void;
  failed(problem: Problem): void;
}

/** A file on its way to the page. */
export interface TraceStream {
  acknowledge(sequence: number): void;
  cancel(): void;
  /** Settles when the file is closed, however it ended. */
  readonly ended: Promise<void>;
}

/** Sends a file's bytes in order and closes it. What was sent and not acknowledged never exceeds 8 MiB. */
export function streamTrace(path: string, file: FileHandle, bytes: number, sink: TraceSink): TraceStream {
  const sizes: number[] = [];
  let acknowledged = 0;
  let outstanding = 0;
  let cancelled = false;
  let wake = () => {};

  async function pump(): Promise<void> {
    let total = 0;
    while (!cancelled) {
      if (outstanding + chunkBytes > windowBytes) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      const { bytesRead, buffer } = await file.read(new Uint8Array(chunkBytes), 0, chunkBytes, null);
      if (cancelled) return;
      total += bytesRead;
      if (bytesRead === 0) {
        if (total < bytes) sink.failed(describeShrunk(path));
        else sink.chunk(sizes.length, true, new Uint8Array(0));
        return;
      }
      sink.chunk(sizes.push(bytesRead) - 1, false, buffer.subarray(0, bytesRead));
      outstanding += bytesRead;
    }
  }

  const ended = pump()
    .catch((error: unknown) => {
      if (!cancelled) sink.failed(describeFileError(path, error));
    })
    .finally(() => file.close());

  return {
    acknowledge(sequence) {
      while (acknowledged <= sequence && acknowledged < sizes.length) outstanding -= sizes[acknowledged++] ?? 0;
      wake();
    },
    cancel() {
      cancelled = true;
      wake();
    },
    ended,
  };
}

function describeShrunk(path: string): Problem {
  return {
    what: `${path} was not read to its end.`,
    why: 'The file became shorter while it was read.',
    remedy: 'Wait until whatever writes it is done, then open it again.',
  };
}
