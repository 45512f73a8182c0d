import type { HostClient } from '../../shared/ipc/client.ts';
import type { Payload } from '../../shared/ipc/contract.ts';
import type { SnapshotRefusal, SnapshotWay } from '../../shared/ipc/snapshot-contract.ts';
import type { Problem } from '../../shared/problem.ts';

/** Bytes that the host sends. */
export interface OpenedTrace {
  readonly ok: true;
  readonly name: string;
  /** As far as the host knows; 0 for what only knows its length when read. */
  readonly bytes: number;
  /** Read on demand; ends with a TraceBroken when the host could not go on. */
  readonly stream: ReadableStream<Uint8Array>;
}

/** Bytes that the host granted: whoever reads them fetches them itself, past this connection. */
export interface GrantedBytes {
  readonly grant: string;
  /** Why they did not come to their end. */
  explain(): Promise<Problem>;
  /** They have come, or nobody wants them any more. */
  letGo(): void;
}

/** A file that the host opened, or why it did not. */
export type OfferedTrace = OpenedTrace | Refused;
type Refused = { readonly ok: false; readonly problem: Problem };

/** What the host says when it is asked to send something. */
type Begun = Pick<OpenedTrace, 'ok' | 'name' | 'bytes'> & { readonly trace: number; readonly grant?: string };

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

/** Opens what a ticket stands for and streams it. */
export function readOfferedTrace(client: HostClient, ticket: string): Promise<OfferedTrace> {
  return readTrace(client, () => client.request('trace.open', { ticket }));
}

/** The same by the shorter way where the host has one: then there is a grant instead of a stream. */
export async function fetchOfferedTrace(
  client: HostClient,
  ticket: string,
): Promise<(Omit<OpenedTrace, 'stream'> & { readonly content: ReadableStream<Uint8Array> | GrantedBytes }) | Refused> {
  const opened = await begin(client, () => client.request('trace.open', { ticket, byGet: true }));
  if (!opened.ok) return opened;
  const { name, bytes, grant } = opened.begun;
  const content = grant === undefined ? opened.stream : { grant, explain: opened.explain, letGo: opened.letGo };
  return { ok: true, name, bytes, content };
}

/** Streams a recording that the host makes or has made, from its start; it ends when the recording is complete. */
export function readCapture(client: HostClient, capture: number): Promise<OfferedTrace> {
  return readTrace(client, () => client.request('capture.follow', { capture }));
}

/** Has the host look at the running system once, and streams the raw facts. */
export function takeSnapshot(client: HostClient, way: SnapshotWay): Promise<OpenedTrace | SnapshotRefusal> {
  return readTrace(client, () => client.request('snapshot.take', { way }));
}

async function readTrace<Answer extends Begun | { readonly ok: false }>(
  client: HostClient,
  ask: () => Promise<Answer>,
): Promise<OpenedTrace | Extract<Answer, { readonly ok: false }>> {
  const opened = await begin(client, ask);
  if (!opened.ok) return opened;
  const { name, bytes } = opened.begun;
  return { ok: true, name, bytes, stream: opened.stream };
}

/** Bytes that the host has begun to send. */
interface Arriving {
  readonly ok: true;
  readonly begun: Begun;
  readonly stream: ReadableStream<Uint8Array>;
  explain(): Promise<Problem>;
  letGo(): void;
}

/**
 * Streams bytes that a request has the host send. Each chunk is acknowledged when it is taken, so the host never runs
 * far ahead of the reader; cancelling the stream stops the host.
 */
async function begin<Answer extends Begun | { readonly ok: false }>(
  client: HostClient,
  ask: () => Promise<Answer>,
): Promise<Arriving | Extract<Answer, { readonly ok: false }>> {
  const arrived: Arrived[] = [];
  const failures = new Map<number, Problem>();
  let trace: number | undefined;
  let hasHost = true;
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
      failures.set(failure.trace, failure.problem);
      wake();
    }),
  ];
  const stop = () => {
    for (const end of stops) end();
  };
  stops.push(
    client.onClose(() => {
      hasHost = false;
      wake();
    }),
  );

  const opened = await ask().catch((error: unknown) => {
    stop();
    throw error;
  });
  if (!opened.ok) {
    stop();
    return opened as Extract<Answer, { readonly ok: false }>;
  }
  const { trace: number } = opened;
  trace = number;
  const cancel = () => client.request('trace.cancel', { trace: number }).then(ignore, ignore);

  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        while (true) {
          const next = arrived.shift();
          if (next) {
            if (next.chunk.trace !== number) continue;
            take(controller, next);
            return;
          }
          const problem = failures.get(number) ?? (hasHost ? undefined : hostGone);
          if (problem !== undefined) {
            stop();
            controller.error(new TraceBroken(problem));
            return;
          }
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      },
      cancel() {
        stop();
        return cancel();
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

  return {
    ok: true,
    begun: opened,
    stream,
    async explain() {
      // What the host had to say stands before its answer to anything later.
      await cancel();
      stop();
      return failures.get(number) ?? hostGone;
    },
    letGo() {
      stop();
      void cancel();
    },
  };
}

function ignore(): void {}

const hostGone: Problem = {
  what: 'The file was not read to its end.',
  why: 'The connection to ModShark’s host was lost.',
  remedy: 'Start ModShark again, or drop the file on this window.',
};
