import type { Output } from '../../shared/ipc/contract.ts';
import type { HostServer } from '../../shared/ipc/server.ts';
import type { GrantBook } from './create-grant-book.ts';
import type { TicketBook } from './create-ticket-book.ts';
import { openTraceFile } from './open-trace-file.ts';
import { type FileContent, readTraceFile } from './read-trace-file.ts';
import { streamTrace, type TraceContent, type TraceStream } from './stream-trace.ts';

export interface OpenTracesOptions {
  readonly tickets: TicketBook;
  /** Where the entry point answers GETs with what was granted. */
  readonly grants?: GrantBook | undefined;
  readonly emit: HostServer['emit'];
  /** Called with what was opened. */
  remember(path: string): Promise<void>;
}

/** The texts that one window reads at this moment: files, and a recording that grows. */
export interface OpenTraces {
  open(ticket: string, byGet?: boolean): Promise<Output<'trace.open'>>;
  /** Sends a content that is no file of a ticket; `bytes` is what is there so far. */
  send(name: string, bytes: number, content: TraceContent): Output<'trace.open'>;
  acknowledge(trace: number, sequence: number): void;
  cancel(trace: number): void;
  cancelAll(): void;
}

/** A window reads one text, or two while it changes from one to the other; more is a page gone wrong. */
const maxTraces = 8;

export function openTraces({ tickets, grants, emit, remember }: OpenTracesOptions): OpenTraces {
  const streams = new Map<number, Pick<TraceStream, 'acknowledge' | 'cancel'>>();
  let nextTrace = 1;
  let over = false;

  async function open(ticket: string, byGet = false): Promise<Output<'trace.open'>> {
    const ticketed = tickets.redeem(ticket);
    if (!ticketed) return { ok: false, problem: unknownTicket };
    if (streams.size >= maxTraces) return { ok: false, problem: tooMany };
    const { path, offer } = ticketed;
    const opened = await openTraceFile(path);
    if (!opened.ok) return opened;
    // Others may have been opened meanwhile.
    if (over || streams.size >= maxTraces) {
      await opened.file.close();
      return { ok: false, problem: over ? unknownTicket : tooMany };
    }
    const content = readTraceFile(path, opened.file, opened.bytes);
    const sent =
      byGet && grants !== undefined
        ? grant(grants, offer.name, opened.bytes, content)
        : begin(offer.name, opened.bytes, content);
    await remember(path);
    return sent;
  }

  function begin(name: string, bytes: number, content: TraceContent): Output<'trace.open'> {
    const trace = nextTrace++;
    const stream = streamTrace(content, {
      chunk: (sequence, last, bytes) => emit('trace.chunk', { trace, sequence, last }, bytes),
      failed: (problem) => emit('trace.failed', { trace, problem }),
    });
    streams.set(trace, stream);
    void stream.ended.then(() => streams.delete(trace));
    return { ok: true, trace, name, bytes };
  }

  /** Has a GET of the same window send a file, instead of frames. */
  function grant(grants: GrantBook, name: string, bytes: number, content: FileContent): Output<'trace.open'> {
    const trace = nextTrace++;
    const abort = new AbortController();
    const end = () => streams.delete(trace);
    async function* read() {
      try {
        for await (const piece of content.read(abort.signal)) {
          abort.signal.throwIfAborted();
          yield piece;
        }
      } catch (error) {
        if (!abort.signal.aborted) emit('trace.failed', { trace, problem: content.explain(error) });
        throw error;
      } finally {
        end();
      }
    }
    const discard = () => {
      end();
      void content.close();
    };
    const { secret, withdraw } = grants.issue({ read, discard });
    const cancel = () => {
      withdraw();
      abort.abort();
    };
    streams.set(trace, { acknowledge: () => {}, cancel });
    return { ok: true, trace, name, bytes, grant: secret };
  }

  return {
    open,
    send(name, bytes, content) {
      if (over || streams.size >= maxTraces) return { ok: false, problem: tooMany };
      return begin(name, bytes, content);
    },
    acknowledge: (trace, sequence) => streams.get(trace)?.acknowledge(sequence),
    cancel: (trace) => streams.get(trace)?.cancel(),
    cancelAll() {
      over = true;
      for (const stream of streams.values()) stream.cancel();
    },
  };
}

export const unknownTicket = {
  what: 'The file cannot be opened.',
  why: 'It was offered by an earlier start of ModShark.',
  remedy: 'Open it again by its name, or drop it on the window.',
};

const tooMany = {
  what: 'The file cannot be opened.',
  why: `${maxTraces} files are being read already.`,
  remedy: 'Wait until they are read, or reload the window.',
};
