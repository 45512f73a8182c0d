import type { Problem } from '../../shared/problem.ts';

/** No piece of a content is larger: so much may be read before the page says that it can take more. */
export const maxChunkBytes = 1024 * 1024;
/** Above this the host stops reading until the page acknowledges. */
const windowBytes = 8 * 1024 * 1024;

/** Text on its way to the page. */
export interface TraceContent {
  /** Its bytes in order, in pieces of at most `maxChunkBytes`; ends early where the signal says so. */
  readonly read: (signal: AbortSignal) => AsyncIterable<Uint8Array>;
  /** What to tell where reading throws. */
  readonly explain: (error: unknown) => Problem;
}

/** Where it goes. */
export interface TraceSink {
  chunk(sequence: number, last: boolean, bytes: Uint8Array): void;
  failed(problem: Problem): void;
}

/** A text on its way to the page. */
export interface TraceStream {
  acknowledge(sequence: number): void;
  cancel(): void;
  /** Settles when the content is closed, however it ended. */
  readonly ended: Promise<void>;
}

/** Sends bytes in order, as they come, to their end. What was sent and not acknowledged never exceeds 8 MiB. */
export function streamTrace({ read, explain }: TraceContent, sink: TraceSink): TraceStream {
  const sizes: number[] = [];
  const abort = new AbortController();
  const { signal } = abort;
  let acknowledged = 0;
  let outstanding = 0;
  let wake = () => {};

  async function untilThereIsRoom(): Promise<void> {
    while (!signal.aborted && outstanding + maxChunkBytes > windowBytes) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  async function pump(): Promise<void> {
    for await (const bytes of read(signal)) {
      if (signal.aborted) return;
      sink.chunk(sizes.push(bytes.length) - 1, false, bytes);
      outstanding += bytes.length;
      await untilThereIsRoom();
      if (signal.aborted) return;
    }
    if (!signal.aborted) sink.chunk(sizes.length, true, new Uint8Array(0));
  }

  const ended = pump().catch((error: unknown) => {
    if (!signal.aborted) sink.failed(explain(error));
  });

  return {
    acknowledge(sequence) {
      while (acknowledged <= sequence && acknowledged < sizes.length) outstanding -= sizes[acknowledged++] ?? 0;
      wake();
    },
    cancel() {
      abort.abort();
      wake();
    },
    ended,
  };
}
