/** A number of so many bytes, as the processor keeps it. */
export function number(value: number, bytes: 1 | 2 | 4 = 4): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer;
}

/** A number in the order of the network. */
export function bigEndian(value: number, bytes: 4 | 8 = 8): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUInt32BE(value, bytes - 4);
  return buffer;
}

const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);

/** An attribute: a string with its end, a value, or others inside of it. Written from netlink(7), not from the reader. */
export function attribute(type: number, value: string | Buffer | readonly Buffer[]): Buffer {
  const bytes =
    typeof value === 'string' ? Buffer.from(`${value}\0`) : Buffer.isBuffer(value) ? value : Buffer.concat([...value]);
  return padded(Buffer.concat([number(bytes.length + 4, 2), number(type, 2), bytes]));
}

/** A message: its family's header, then attributes. */
export function message(type: number, header: Buffer, attributes: readonly Buffer[], flags = 2): Buffer {
  const body = Buffer.concat([header, ...attributes]);
  return padded(
    Buffer.concat([number(body.length + 16), number(type, 2), number(flags, 2), number(0), number(0), body]),
  );
}

/** NLMSG_DONE, which ends an answer; NLMSG_ERROR, which refuses it. */
export const done = message(3, number(0), []);
/** The end of one that something changed in meanwhile: NLM_F_MULTI and NLM_F_DUMP_INTR. */
export const doneAmidChanges = message(3, number(0), [], 0x12);
export const refused = (errno: number) => message(2, number(2 ** 32 - errno), []);

/** nfgenmsg, tcmsg and ifinfomsg. */
export const packetHeader = (family: number) => Buffer.from([family, 0, 0, 0]);
export const trafficHeader = (link: number, handle: number, parent: number, info = 0) =>
  Buffer.concat([number(0), number(link), number(handle), number(parent), number(info)]);
export const linkHeader = (link: number) => Buffer.concat([number(0), number(link), number(0), number(0)]);
