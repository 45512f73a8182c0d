import { decodeText } from '../trace-text/decode-bytes.ts';

/** One message of a kernel's answer: its type, and what follows its header. */
export interface NetlinkMessage {
  readonly type: number;
  readonly body: Uint8Array;
}

/** One attribute: its number without the flags of nesting and order, and its value. */
export interface Attribute {
  readonly type: number;
  readonly value: Uint8Array;
}

const MESSAGE_HEADER = 16;
const ATTRIBUTE_HEADER = 4;
/** NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
const FLAGS = 0xc000;

/** NFT_NAME_MAXLEN, the longest that any of them has. */
const LONGEST_STRING = 256;

const align = (length: number) => (length + 3) & ~3;

/**
 * The messages of an answer of netlink, whose bytes are characters. What does not end well is left out.
 *
 * Shape: of a little-endian machine, as nearly all are.
 * Source: Documentation/userspace-api/netlink/intro.rst.
 */
export function* readMessages(text: string): Generator<NetlinkMessage> {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at);
  for (let at = 0; at + MESSAGE_HEADER <= bytes.length; ) {
    const length = readUnsigned(bytes.subarray(at, at + 4));
    if (length < MESSAGE_HEADER || at + length > bytes.length) return;
    yield {
      type: readUnsigned(bytes.subarray(at + 4, at + 6)),
      body: bytes.subarray(at + MESSAGE_HEADER, at + length),
    };
    at += align(length);
  }
}

/** Attributes one after the other, as a list or a set of them is written. */
export function* readAttributes(bytes: Uint8Array): Generator<Attribute> {
  for (let at = 0; at + ATTRIBUTE_HEADER <= bytes.length; ) {
    const length = readUnsigned(bytes.subarray(at, at + 2));
    if (length < ATTRIBUTE_HEADER || at + length > bytes.length) return;
    const type = readUnsigned(bytes.subarray(at + 2, at + 4)) & ~FLAGS;
    yield { type, value: bytes.subarray(at + ATTRIBUTE_HEADER, at + length) };
    at += align(length);
  }
}

/** The values of a set of attributes, by number; nothing for a value that is not there. */
export function indexAttributes(bytes: Uint8Array | undefined): ReadonlyMap<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  if (bytes !== undefined) for (const { type, value } of readAttributes(bytes)) found.set(type, value);
  return found;
}

const nothing = new Uint8Array();

/** A number of up to four bytes, in the machine's order; 0 for none. */
export function readUnsigned(bytes: Uint8Array = nothing): number {
  return bytes.slice(0, 4).reduceRight((number: number, byte) => number * 256 + byte, 0);
}

/** A number of any length in the network's order, in decimal digits. */
export function readBigEndian(bytes: Uint8Array = nothing): string {
  return [...bytes.slice(0, 8)].reduce((number, byte) => number * 256n + BigInt(byte), 0n).toString();
}

/** A string, which ends at its first NUL; empty for none. */
export function readString(bytes: Uint8Array = nothing): string {
  let text = '';
  for (const byte of bytes.slice(0, LONGEST_STRING)) {
    if (byte === 0) break;
    text += String.fromCharCode(byte);
  }
  return decodeText(text);
}

/** A list without what is in it again: where things change while the kernel tells of them, it may tell twice. */
export function withoutRepeats<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  const seen = new Set<string>();
  return items.filter((item) => seen.size !== seen.add(keyOf(item)).size);
}
