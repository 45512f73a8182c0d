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

/** One function per request; the compiler insists that none is missing. */
export type Handlers = { readonly [N in RequestName]: (input: Input<N>) => Promise<Output<N>> };

/** The host's side of one connection. */
export interface HostServer {
  emit<N extends EventName>(name: N, payload: Payload<N>, ...tail: Tail<N>): void;
}

/** Requests of one connection that wait for their answers; a page has a few dozen at most. */
const mostUnanswered = 1024;

/**
 * Answers a connection's requests. What is not in the contract is refused with its reason; what is no frame, or no
 * request, ends the connection; so does asking without end.
 */
export function createServer(transport: Transport, handlers: Handlers): HostServer {
  let unanswered = 0;
  transport.onFrame((frame) => {
    let header: FrameHeader;
    try {
      ({ header } = decodeFrame(frame));
    } catch {
      return transport.close();
    }
    if (header.kind !== 'request' || unanswered >= mostUnanswered) return transport.close();
    unanswered += 1;
    void answer(header).finally(() => {
      unanswered -= 1;
    });
  });

  async function answer({ id, name, body }: FrameHeader & { kind: 'request' }): Promise<void> {
    if (!Object.hasOwn(requests, name)) return fail(id, 'refused', `no request is named ${name}`);
    const known = name as RequestName;
    const violation = contractViolation(requests[known].input, body);
    if (violation !== undefined) return fail(id, 'refused', `${known}: ${violation}`);
    try {
      const handler = handlers[known] as (input: unknown) => Promise<unknown>;
      transport.send(encodeFrame({ kind: 'reply', id, body: await handler(body) }));
    } catch (error) {
      fail(id, 'failed', error instanceof Error ? error.message : 'the host failed');
    }
  }

  function fail(id: number, reason: FailureReason, message: string): void {
    // What is refused may be quoted in the message, and may be as long as a header can be.
    transport.send(encodeFrame({ kind: 'failure', id, reason, message: message.slice(0, 1024) }));
  }

  return {
    emit(name, payload, ...tail) {
      const violation = contractViolation(events[name].payload, payload);
      if (violation !== undefined) throw new TypeError(`event ${name}: ${violation}`);
      transport.send(encodeFrame({ kind: 'event', name, body: payload }, tail[0]));
    },
  };
}
