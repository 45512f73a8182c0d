import { inflateSync } from 'node:zlib';

const HEADER = 44;
const ENTRY = 20;

/**
 * The OpenType file in a WOFF file, for programs that read no WOFF.
 *
 * Source: WOFF File Format 1.0, 4 (header) and 5 (table directory); OpenType, "Organization of an OpenType Font"
 */
export function unwrapWoff(woff: Uint8Array): Uint8Array {
  const from = new DataView(woff.buffer, woff.byteOffset, woff.byteLength);
  const tables = from.getUint16(12);
  const font = new Uint8Array(from.getUint32(16));
  const to = new DataView(font.buffer);
  const power = 2 ** Math.floor(Math.log2(tables));
  to.setUint32(0, from.getUint32(4));
  to.setUint16(4, tables);
  to.setUint16(6, power * 16);
  to.setUint16(8, Math.log2(power));
  to.setUint16(10, (tables - power) * 16);
  let at = 12 + tables * 16;
  for (let table = 0; table < tables; table++) {
    const entry = HEADER + table * ENTRY;
    const [start, packed, length] = [4, 8, 12].map((place) => from.getUint32(entry + place)) as [
      number,
      number,
      number,
    ];
    const stored = woff.subarray(start, start + packed);
    const record = 12 + table * 16;
    to.setUint32(record, from.getUint32(entry));
    to.setUint32(record + 4, from.getUint32(entry + 16));
    to.setUint32(record + 8, at);
    to.setUint32(record + 12, length);
    font.set(packed < length ? inflateSync(stored) : stored, at);
    at += (length + 3) & ~3;
  }
  return font;
}
