import type { Problem } from '../problem.ts';
import { type CaptureRequest, captureEvents } from './capture-request.ts';
import { checkCaptureRequest } from './check-capture-request.ts';
import { explainRefusal } from './explain-refusal.ts';

const version = 1;
const headerBytes = 4;

export type EncodedStart =
  | { readonly ok: true; readonly frame: Uint8Array }
  | { readonly ok: false; readonly problem: Problem };

/**
 * The frame that starts a recording.
 *
 * Shape: PROTOCOL.md of the helper, "START".
 */
export function encodeStart(request: CaptureRequest): EncodedStart {
  const refusal = checkCaptureRequest(request);
  if (refusal !== undefined) return { ok: false, problem: explainRefusal(refusal) };
  return { ok: true, frame: packFrame('S', startBody(request)) };
}

/** Ends a recording; closing the helper's stdin does the same. */
export function encodeStop(): Uint8Array {
  return packFrame('Q');
}

/** Erases what the recording's own buffer holds; answered by a `cleared` frame. */
export function encodeClear(): Uint8Array {
  return packFrame('C');
}

/** Asks, instead of a start, what there is to see in tracefs. */
export function encodeReadTracefs(): Uint8Array {
  return packFrame('F');
}

/**
 * Asks for a snapshot, and after its end for the next.
 *
 * Shape: `tools` also asks dmsetup, iptables and the kernel’s netlink families, where modules of theirs are in use.
 */
export function encodeSnapshot({ tools }: { readonly tools: boolean }): Uint8Array {
  return packFrame('N', Uint8Array.of(tools ? 1 : 0));
}

/** The body of START, whatever is in the request: only tests call it with what `checkCaptureRequest` refuses. */
export function startBody(request: CaptureRequest): Uint8Array {
  const { events, bufferKiB, stackTraces, modules } = request;
  const bytes: number[] = [
    version,
    events.reduce((mask, event) => mask | (1 << captureEvents.indexOf(event)), 0),
    (stackTraces ? 1 : 0) | (modules.which === 'except' ? 2 : 0),
    ...[24, 16, 8, 0].map((shift) => (bufferKiB >>> shift) & 0xff),
    (modules.names.length >>> 8) & 0xff,
    modules.names.length & 0xff,
  ];
  for (const name of modules.names) {
    bytes.push(name.length & 0xff);
    for (let i = 0; i < name.length; i++) bytes.push(name.charCodeAt(i) & 0xff);
  }
  return Uint8Array.from(bytes);
}

function packFrame(type: string, body: Uint8Array = new Uint8Array()): Uint8Array {
  const frame = new Uint8Array(headerBytes + body.length);
  frame.set([type.charCodeAt(0), (body.length >>> 16) & 0xff, (body.length >>> 8) & 0xff, body.length & 0xff]);
  frame.set(body, headerBytes);
  return frame;
}
