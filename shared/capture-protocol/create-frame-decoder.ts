import type { Problem } from '../problem.ts';
import { decodeFrame, type FramePart, readLatin1 } from './decode-frame.ts';
import type { HelperFrame } from './helper-frame.ts';

const headerBytes = 4;
/** No frame is longer, so that the kernel takes it whole or not at all (PIPE_BUF). */
const maxFrameBytes = 4096;
/** No text that comes in parts is longer. */
const maxTextBytes = 4 * 1024 * 1024;

/** Turns the helper's bytes into frames. */
export interface FrameDecoder {
  /**
   * The frames that these bytes complete. After a failure there are none.
   *
   * Shape: the bytes of trace frames may be views into the chunk: do not write to it afterwards.
   */
  push(chunk: Uint8Array): readonly HelperFrame[];
  /** Tells that no more bytes will come: within a frame, or before `bye`, that is a failure. */
  finish(): Problem | undefined;
  readonly failed: Problem | undefined;
}

/** Makes a decoder for one helper's stdout. It never holds more than one frame and one text in parts. */
export function createFrameDecoder(): FrameDecoder {
  const partial = new Uint8Array(maxFrameBytes);
  let partialLength = 0;
  let open: { key: string; text: string; bytes: number } | undefined;
  let failed: Problem | undefined;
  let ended = false;

  function fail(why: string): undefined {
    failed ??= {
      what: 'The capture helper could not be understood.',
      why,
      remedy: 'Check that ModShark and its capture helper are of the same version, and record again.',
    };
  }

  function addPart(part: FramePart): HelperFrame | undefined {
    if (open !== undefined && open.key !== part.key) return fail(`Two texts are mixed: ${open.key} and ${part.key}.`);
    open ??= { key: part.key, text: '', bytes: 0 };
    open.bytes += part.bytes.length;
    if (open.bytes > maxTextBytes) return fail(`A text is longer than ${maxTextBytes} bytes.`);
    open.text += readLatin1(part.bytes);
    if (!part.last) return undefined;
    const { text } = open;
    open = undefined;
    return part.complete(text);
  }

  function read(frame: Uint8Array): HelperFrame | undefined {
    const type = String.fromCharCode(frame[0]!);
    if (ended) return fail('A frame came after the last one.');
    const decoded = decodeFrame(type, frame.subarray(headerBytes));
    if (decoded === undefined) return fail(`A frame of type ${JSON.stringify(type)} is not what it should be.`);
    if (decoded.kind === 'part') return addPart(decoded);
    // A look that is ended where it hangs leaves a text without its end; the next look is none of it.
    if (decoded.kind === 'snapshot-end') open = undefined;
    return decoded;
  }

  function take(frame: Uint8Array, frames: HelperFrame[]): void {
    const whole = read(frame);
    if (whole === undefined) return;
    ended = whole.kind === 'bye';
    frames.push(whole);
  }

  /** The length of the frame that begins there; 0 before its header is whole. */
  function frameLength(bytes: Uint8Array, at: number, end: number): number {
    if (end - at < headerBytes) return 0;
    const length = headerBytes + ((bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!);
    if (length <= maxFrameBytes) return length;
    fail(`A frame says that it has ${length} bytes.`);
    return 0;
  }

  /** Completes the frame whose start came before; returns where the next one begins. */
  function completePartial(chunk: Uint8Array, frames: HelperFrame[]): number {
    let at = 0;
    while (partialLength > 0 && at < chunk.length && failed === undefined) {
      const length = frameLength(partial, 0, partialLength);
      const wanted = (length === 0 ? headerBytes : length) - partialLength;
      const piece = chunk.subarray(at, at + wanted);
      partial.set(piece, partialLength);
      partialLength += piece.length;
      at += piece.length;
      if (frameLength(partial, 0, partialLength) === partialLength) {
        take(partial.slice(0, partialLength), frames);
        partialLength = 0;
      }
    }
    return at;
  }

  return {
    push(chunk) {
      const frames: HelperFrame[] = [];
      if (failed !== undefined) return frames;
      let at = completePartial(chunk, frames);
      while (at < chunk.length && failed === undefined) {
        const length = frameLength(chunk, at, chunk.length);
        if (failed !== undefined) break;
        if (length === 0 || at + length > chunk.length) {
          partialLength = chunk.length - at;
          partial.set(chunk.subarray(at));
          break;
        }
        take(chunk.subarray(at, at + length), frames);
        at += length;
      }
      return frames;
    },
    finish() {
      if (partialLength > 0) fail('It ended within a frame.');
      else if (!ended) fail('It ended without saying why.');
      return failed;
    },
    get failed() {
      return failed;
    },
  };
}
