import type { HostClient } from '../../shared/ipc/client.ts';
import type { Payload } from '../../shared/ipc/contract.ts';
import type { Problem } from '../../shared/problem.ts';

/** A file that the host opened, or why it did not. */
export type OfferedTrace =
  | {
      readonly ok: true;
      readonly name: string;
      /** As the file system says; 0 for files that only know their length when read. */
      readonly bytes: number;
      /** The file's bytes, read on demand; ends with a TraceBroken when the host could not go on. */
      readonly stream: ReadableStream<Uint8Array>;
    }
  | { readonly ok: false; readonly problem: Problem };

/** The host stopped in the middle of a file. */
export class TraceBroken extends Error {
  override name = 'TraceBroken';
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(`${problem.what} ${problem.why}`);
    this.problem = problem;
  }
}

interface Arrived {
  readonly chunk: Payload<'trace.chunk'>;
  readonly bytes: Uint8Array;
}

/**
 * Opens what a ticket stands for and streams it. Each chunk is acknowledged when it is taken, so the host never runs
 * far ahead of the reader; cancelling the stream stops the host.
 */
export async function readOfferedTrace(client: HostClient, ticket: string): Promise<OfferedTrace> {
  const arrived: Arrived[] = [];
  let broken: TraceBroken | undefined;
  let trace: number | undefined;
  let wake = () => {};

  // Chunks may be here before the answer is, so they are gathered from the start and sorted out by number.
  const mine = (number: number) => trace === undefined || trace === number;
  const stops = [
    client.on('trace.chunk', (chunk, bytes) => {
      if (!mine(chunk.trace)) return;
      arrived.push({ chunk, bytes });
      wake();
    }),
    client.on('trace.failed', (failure) => {
      if (!mine(failure.trace)) return;
      broken = new TraceBroken(failure.problem);
      wake();
    }),
  ];
  const stop = () => {
    for (const end of stops) end();
  };
  client.onClose(() => {
    broken ??= new TraceBroken(hostGone);
    wake();
  });

  const opened = await client.request('trace.open', { ticket }).catch((error: unknown) => {
    stop();
    throw error;
  });
  if (!opened.ok) {
    stop();
    return opened;
  }
  trace = opened.trace;
  const { name, bytes } = opened;

  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        while (true) {
          const next = arrived.shift();
          if (next) {
            if (next.chunk.trace !== opened.trace) continue;
            take(controller, next);
            return;
          }
          if (broken) {
            stop();
            controller.error(broken);
            return;
          }
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      },
      cancel() {
        stop();
        return client.request('trace.cancel', { trace: opened.trace }).then(ignore, ignore);
      },
    },
    { highWaterMark: 0 },
  );

  function take(controller: ReadableStreamDefaultController<Uint8Array>, { chunk, bytes }: Arrived): void {
    if (bytes.length > 0) controller.enqueue(bytes);
    if (!chunk.last) {
      // A host that is gone is told by onClose; here its silence is no news.
      client.request('trace.acknowledge', { trace: chunk.trace, sequence: chunk.sequence }).then(ignore, ignore);
      return;
    }
    stop();
    controller.close();
  }

  return { ok: true, name, bytes, stream };
}

function ignore(): void {}

const hostGone: Problem = {
  what: 'The file was not read to its end.',
  why: 'The connection to ModShark’s host was lost.',
  remedy: 'Start ModShark again, or drop the file on this window.',
};
