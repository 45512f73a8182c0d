import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFrame, encodeFrame, FrameError } from '../../shared/ipc/frame.ts';

const runs = 20_000;

/** Decodes and returns the error, if any; every error but the frame's own fails the test. */
function decodeOrRefuse(frame: Uint8Array): ReturnType<typeof decodeFrame> | FrameError {
  try {
    return decodeFrame(frame);
  } catch (error) {
    if (error instanceof FrameError) return error;
    throw error;
  }
}

function expectViewOf(frame: Uint8Array): void {
  const result = decodeOrRefuse(frame);
  if (result instanceof FrameError) return;
  expect(result.tail.buffer).toBe(frame.buffer);
  expect(result.tail.length).toBeLessThanOrEqual(frame.length);
}

describe('whatever bytes arrive', () => {
  test('random bytes are refused or read, and nothing is allocated for them', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 512 }), expectViewOf), { numRuns: runs });
  });

  test('bytes with a plausible length in front are refused or read', () => {
    const plausible = fc.tuple(fc.nat(600), fc.uint8Array({ maxLength: 512 })).map(([length, rest]) => {
      const frame = new Uint8Array(4 + rest.length);
      new DataView(frame.buffer).setUint32(0, length, true);
      frame.set(rest, 4);
      return frame;
    });
    fc.assert(fc.property(plausible, expectViewOf), { numRuns: runs });
  });

  test('any JSON as a header is refused or is a header of a known kind', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (json) => {
        const text = new TextEncoder().encode(json);
        const frame = new Uint8Array(4 + text.length);
        new DataView(frame.buffer).setUint32(0, text.length, true);
        frame.set(text, 4);
        const result = decodeOrRefuse(frame);
        if (!(result instanceof FrameError))
          expect(['request', 'reply', 'failure', 'event']).toContain(result.header.kind);
      }),
      { numRuns: runs },
    );
  });

  test('a good frame with one byte changed or its end cut is refused or read', () => {
    const body = fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });
    fc.assert(
      fc.property(
        body,
        fc.uint8Array({ maxLength: 64 }),
        fc.nat(),
        fc.nat(255),
        fc.nat(),
        (given, tail, at, byte, cut) => {
          const frame = encodeFrame({ kind: 'request', id: 1, name: 'trace.open', body: given }, tail);
          frame[at % frame.length] = byte;
          expectViewOf(frame.slice(0, frame.length - (cut % frame.length)));
        },
      ),
      { numRuns: runs },
    );
  });

  test('nesting as deep as a header allows is refused, not a crash', () => {
    const deep = '['.repeat(30_000) + ']'.repeat(30_000);
    const text = new TextEncoder().encode(`{"kind":"event","name":"x","body":${deep}}`);
    const frame = new Uint8Array(4 + text.length);
    new DataView(frame.buffer).setUint32(0, text.length, true);
    frame.set(text, 4);
    expectViewOf(frame);
  });

  test('what is encoded comes back the same', () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(value, fc.uint8Array({ maxLength: 256 }), (body, tail) => {
        let frame: Uint8Array;
        try {
          frame = encodeFrame({ kind: 'event', name: 'x', body }, tail);
        } catch (error) {
          expect(error).toBeInstanceOf(FrameError);
          return;
        }
        const back = decodeOrRefuse(frame);
        // A key that every object inherits is refused on purpose.
        if (back instanceof FrameError) expect(JSON.stringify(body)).toMatch(/"(__\w+__|\w+)":/);
        else
          expect(back).toEqual({ header: { kind: 'event', name: 'x', body: JSON.parse(JSON.stringify(body)) }, tail });
      }),
      { numRuns: 5000 },
    );
  });
});
