import { Gunzip } from 'fflate';
import type { Problem } from '../problem.ts';

/** Compressed bytes unpacked at a time. A hostile file unpacks to a thousand times its size, all of it at once. */
const SLICE_BYTES = 16_384;

/** The end of a member: CRC-32 and length of what was packed. Source: RFC 1952, section 2.3.1. */
const TRAILER_BYTES = 8;

/** Unpacks gzip as it comes, several members too, and checks that it is whole. */
export class GunzipStream {
  private readonly gunzip: Gunzip;
  private readonly trailer = new Uint8Array(TRAILER_BYTES);
  private received = 0;
  private unpacked = 0;
  private crc = -1;

  constructor(take: (bytes: Uint8Array) => void) {
    this.gunzip = new Gunzip((bytes) => {
      if (bytes.length === 0) return;
      this.unpacked += bytes.length;
      this.crc = updateCrc(this.crc, bytes);
      take(bytes);
    });
    this.gunzip.onmember = () => {
      this.unpacked = 0;
      this.crc = -1;
    };
  }

  /** Errors: the reason why the file cannot be unpacked. */
  push(bytes: Uint8Array): Problem | undefined {
    this.keepTrailer(bytes);
    for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
      const problem = this.unpack(bytes.subarray(at, at + SLICE_BYTES), false);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  finish(): Problem | undefined {
    const problem = this.unpack(new Uint8Array(0), true);
    if (problem !== undefined) return problem;
    const view = new DataView(this.trailer.buffer);
    const whole =
      this.received > TRAILER_BYTES &&
      view.getUint32(0, true) === ~this.crc >>> 0 &&
      view.getUint32(4, true) === this.unpacked % 2 ** 32;
    return whole ? undefined : damaged('Its checksum or its length does not match what came out.');
  }

  private unpack(bytes: Uint8Array, final: boolean): Problem | undefined {
    try {
      this.gunzip.push(bytes, final);
      return undefined;
    } catch (error) {
      // fflate has no other way to say that its input is bad.
      return damaged(`Unpacking stopped: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }

  private keepTrailer(bytes: Uint8Array): void {
    this.received += bytes.length;
    const tail = bytes.subarray(-TRAILER_BYTES);
    this.trailer.copyWithin(0, tail.length);
    this.trailer.set(tail, TRAILER_BYTES - tail.length);
  }
}

function damaged(why: string): Problem {
  return {
    what: 'This gzip file is cut off or damaged.',
    why,
    remedy: 'Copy the file again, or unpack what is left with `zcat FILE > FILE.txt` and open FILE.txt.',
  };
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

function updateCrc(crc: number, bytes: Uint8Array): number {
  let value = crc;
  for (let i = 0; i < bytes.length; i++) value = crcTable[(value ^ bytes[i]!) & 0xff]! ^ (value >>> 8);
  return value;
}
