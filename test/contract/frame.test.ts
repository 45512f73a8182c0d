import { describe, expect, test } from 'vitest';
import { decodeFrame, encodeFrame, FrameError, maxFrameBytes, maxHeaderBytes } from '../../shared/ipc/frame.ts';

describe('a frame', () => {
  test('carries its header and its bytes, and the bytes begin at a multiple of 8', () => {
    for (let length = 0; length < 16; length++) {
      const header = { kind: 'event', name: 'x'.repeat(length), body: { deep: [1, 'ä'] } } as const;
      const frame = encodeFrame(header, new Uint8Array([1, 2, 3]));
      const { header: back, tail } = decodeFrame(frame);
      expect(back).toEqual(header);
      expect([...tail]).toEqual([1, 2, 3]);
      expect(tail.byteOffset % 8).toBe(0);
    }
  });

  test('gives its bytes without copying them', () => {
    const frame = encodeFrame({ kind: 'event', name: 'x', body: null }, new Uint8Array(1024));
    expect(decodeFrame(frame).tail.buffer).toBe(frame.buffer);
  });

  test('may stand anywhere in a larger buffer', () => {
    const frame = encodeFrame({ kind: 'reply', id: 3, body: 'here' }, new Uint8Array([9]));
    const larger = new Uint8Array(frame.length + 20);
    larger.set(frame, 5);
    const { header, tail } = decodeFrame(larger.subarray(5, 5 + frame.length));
    expect(header).toEqual({ kind: 'reply', id: 3, body: 'here' });
    expect([...tail]).toEqual([9]);
  });

  test('is refused when the header or the whole is too large', () => {
    const header = { kind: 'event', name: 'x'.repeat(maxHeaderBytes), body: null } as const;
    expect(() => encodeFrame(header)).toThrow(FrameError);
    expect(() => decodeFrame(new Uint8Array(maxFrameBytes + 1))).toThrow(FrameError);
    const claims = new Uint8Array(16);
    new DataView(claims.buffer).setUint32(0, 0xffff_ffff, true);
    expect(() => decodeFrame(claims)).toThrow(FrameError);
  });
});
