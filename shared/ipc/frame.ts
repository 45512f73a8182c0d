import * as v from 'valibot';

/** The globals that browsers and Node share, as far as frames need them. */
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (
  label: 'utf-8',
  options: { fatal: boolean; ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

export const maxHeaderBytes = 64 * 1024;
export const maxFrameBytes = 4 * 1024 * 1024;

const id = v.pipe(v.number(), v.safeInteger());

/** `refused`: not in the contract. `failed`: the host could not do it. `closed`: nobody is there any more. */
const reason = v.picklist(['refused', 'failed', 'closed']);

const headerSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('request'), id, name: v.string(), body: v.unknown() }),
  v.strictObject({ kind: v.literal('reply'), id, body: v.unknown() }),
  v.strictObject({ kind: v.literal('failure'), id, reason, message: v.string() }),
  v.strictObject({ kind: v.literal('event'), name: v.string(), body: v.unknown() }),
]);

export type FrameHeader = v.InferOutput<typeof headerSchema>;
export type FailureReason = v.InferOutput<typeof reason>;

/** The only error that reading or writing a frame raises. */
export class FrameError extends Error {
  override name = 'FrameError';
}

/**
 * Packs a header and its byte tail.
 *
 * Shape:
 *
 *     0        4                4+n       next multiple of 8
 *     │ n: u32 │ header as JSON │ zeroes │ byte tail …
 *
 * Errors: FrameError for what `decodeFrame` would refuse, so that it fails on the side that made it.
 */
export function encodeFrame(header: FrameHeader, tail?: Uint8Array): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  if (json.length > maxHeaderBytes) throw new FrameError(`a header of ${json.length} bytes`);
  const tailAt = tailOffset(json.length);
  const length = tailAt + (tail?.length ?? 0);
  if (length > maxFrameBytes) throw new FrameError(`a frame of ${length} bytes`);
  const frame = new Uint8Array(length);
  new DataView(frame.buffer).setUint32(0, json.length, true);
  frame.set(json, 4);
  if (tail) frame.set(tail, tailAt);
  return frame;
}

/**
 * Unpacks a frame that came from outside. The tail is a view into the frame: nothing is copied or allocated for it.
 *
 * Errors: FrameError, whatever the bytes are.
 */
export function decodeFrame(frame: Uint8Array): { header: FrameHeader; tail: Uint8Array } {
  if (frame.length < 4 || frame.length > maxFrameBytes) throw new FrameError(`a frame of ${frame.length} bytes`);
  const length = new DataView(frame.buffer, frame.byteOffset, frame.byteLength).getUint32(0, true);
  if (length > maxHeaderBytes || 4 + length > frame.length) throw new FrameError(`a header of ${length} bytes`);
  const header = parseHeader(frame.subarray(4, 4 + length));
  return { header, tail: frame.subarray(Math.min(tailOffset(length), frame.length)) };
}

function tailOffset(headerLength: number): number {
  return Math.ceil((4 + headerLength) / 8) * 8;
}

function parseHeader(bytes: Uint8Array): FrameHeader {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), refuseInheritedKey);
  } catch (error) {
    throw error instanceof FrameError ? error : new FrameError('a header that is no JSON');
  }
  const checked = v.safeParse(headerSchema, value, { abortEarly: true });
  if (!checked.success) throw new FrameError('a header of no known kind');
  return checked.output;
}

/** `__proto__`, `constructor` and their like never name a field here, and the checks downstream use `in`. */
function refuseInheritedKey(key: string, value: unknown): unknown {
  if (key in Object.prototype) throw new FrameError(`a field named ${key}`);
  return value;
}
