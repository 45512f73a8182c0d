import {
  contractViolation,
  type EventName,
  events,
  type Input,
  type Output,
  type Payload,
  type RequestName,
  requests,
  type Tail,
} from './contract.ts';
import { decodeFrame, encodeFrame, type FailureReason, type FrameHeader } from './frame.ts';
import type { Transport } from './transport.ts';

/** A request that got no answer worth the name. */
export class RequestFailure extends Error {
  override name = 'RequestFailure';
  readonly reason: FailureReason;
  constructor(reason: FailureReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The page's side of the contract. */
export interface HostClient {
  /** Errors: RequestFailure. */
  request<N extends RequestName>(name: N, body: Input<N>): Promise<Output<N>>;
  /** Returns what ends the listening. */
  on<N extends EventName>(name: N, listener: (payload: Payload<N>, ...tail: Tail<N>) => void): () => void;
  /** Returns what ends the listening. */
  onClose(listener: () => void): () => void;
  close(): void;
}

interface Pending {
  readonly name: RequestName;
  resolve(output: unknown): void;
  reject(failure: RequestFailure): void;
}

/** Speaks the contract over a transport. A host that breaks the contract is hung up on. */
export function createClient(transport: Transport): HostClient {
  const pending = new Map<number, Pending>();
  const listeners = new Map<EventName, Set<(payload: unknown, tail?: Uint8Array) => void>>();
  const closeListeners = new Set<() => void>();
  let nextId = 1;
  let open = true;

  transport.onFrame((frame) => {
    let decoded: ReturnType<typeof decodeFrame>;
    try {
      decoded = decodeFrame(frame);
    } catch {
      return transport.close();
    }
    receive(decoded.header, decoded.tail);
  });
  transport.onClose(() => {
    open = false;
    for (const request of pending.values()) request.reject(closed());
    pending.clear();
    for (const listener of closeListeners) listener();
  });

  function receive(header: FrameHeader, tail: Uint8Array): void {
    if (header.kind === 'event') deliver(header, tail);
    else if (header.kind === 'reply' || header.kind === 'failure') settle(header);
    else transport.close();
  }

  function deliver(header: FrameHeader & { kind: 'event' }, tail: Uint8Array): void {
    const name = header.name as EventName;
    const known = Object.hasOwn(events, name) && (events[name].bytes || tail.length === 0);
    if (!known || contractViolation(events[name].payload, header.body) !== undefined) {
      transport.close();
      return;
    }
    for (const listener of listeners.get(name) ?? []) {
      if (events[name].bytes) listener(header.body, tail);
      else listener(header.body);
    }
  }

  function settle(header: FrameHeader & { kind: 'reply' | 'failure' }): void {
    const request = pending.get(header.id);
    if (!request) return;
    pending.delete(header.id);
    if (header.kind === 'failure') {
      request.reject(new RequestFailure(header.reason, header.message));
      return;
    }
    const violation = contractViolation(requests[request.name].output, header.body);
    if (violation === undefined) request.resolve(header.body);
    else request.reject(new RequestFailure('refused', `the answer to ${request.name}: ${violation}`));
  }

  return {
    request<N extends RequestName>(name: N, body: Input<N>): Promise<Output<N>> {
      return new Promise((resolve, reject) => {
        if (!open) return reject(closed());
        const id = nextId++;
        pending.set(id, { name, resolve: resolve as (output: unknown) => void, reject });
        transport.send(encodeFrame({ kind: 'request', id, name, body }));
      });
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      const added = listener as (payload: unknown, tail?: Uint8Array) => void;
      set.add(added);
      return () => void set.delete(added);
    },
    onClose(listener) {
      closeListeners.add(listener);
      return () => void closeListeners.delete(listener);
    },
    close: () => transport.close(),
  };
}

function closed(): RequestFailure {
  return new RequestFailure('closed', 'the connection to the host is closed');
}
