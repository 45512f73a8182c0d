/** Start value and step of the hash that a scanner may compute while it passes over a token (FNV-1a). */
const HASH_START = 0x811c9dc5 | 0;
const HASH_PRIME = 16_777_619;

/** The hash of some bytes, as `ByteDictionary.intern` wants it. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = HASH_START;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, HASH_PRIME);
  return hash;
}

/**
 * Gives every distinct run of bytes a small number, without making a string per look-up.
 *
 * Shape: an open-addressed table of ids; the bytes themselves lie one behind the other in one array.
 */
export class ByteDictionary {
  size = 0;
  private table = new Int32Array(256).fill(-1);
  private hashes = new Int32Array(64);
  /** Where entry i starts; entry i ends where i + 1 starts. */
  private starts = new Uint32Array(65);
  private bytes = new Uint8Array(1024);

  intern(source: Uint8Array, start: number, end: number, hash: number): number {
    const { table, hashes, starts, bytes } = this;
    const mask = table.length - 1;
    const length = end - start;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (let id = table[slot]!; id >= 0; id = table[slot]!) {
      if (hashes[id] === hash) {
        let at = starts[id]!;
        if (starts[id + 1]! - at === length) {
          let i = start;
          while (i < end && bytes[at] === source[i]) {
            i++;
            at++;
          }
          if (i === end) return id;
        }
      }
      slot = (slot + 1) & mask;
    }
    return this.add(source, start, end, hash, slot);
  }

  /** Whether entry `id` is exactly these bytes. */
  holds(id: number, source: Uint8Array, start: number, end: number): boolean {
    let at = this.starts[id]!;
    if (this.starts[id + 1]! - at !== end - start) return false;
    for (let i = start; i < end; i++) if (this.bytes[at++] !== source[i]) return false;
    return true;
  }

  /** The bytes of an entry: a view that is good until the next `intern`. */
  entry(id: number): Uint8Array {
    return this.bytes.subarray(this.starts[id]!, this.starts[id + 1]!);
  }

  private add(source: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const id = this.size++;
    const from = this.starts[id]!;
    const to = from + (end - start);
    if (to > this.bytes.length) this.bytes = grown(this.bytes, Math.max(to, this.bytes.length * 2), Uint8Array);
    for (let i = start, at = from; i < end; i++, at++) this.bytes[at] = source[i]!;
    if (this.size === this.hashes.length) {
      this.hashes = grown(this.hashes, this.size * 2, Int32Array);
      this.starts = grown(this.starts, this.size * 2 + 1, Uint32Array);
    }
    this.hashes[id] = hash;
    this.starts[id + 1] = to;
    this.table[slot] = id;
    if (this.size * 2 > this.table.length) this.rehash();
    return id;
  }

  private rehash(): void {
    const table = new Int32Array(this.table.length * 4).fill(-1);
    const mask = table.length - 1;
    for (let id = 0; id < this.size; id++) {
      const hash = this.hashes[id]!;
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (table[slot]! >= 0) slot = (slot + 1) & mask;
      table[slot] = id;
    }
    this.table = table;
  }
}

function grown<A extends Uint8Array | Int32Array | Uint32Array>(old: A, length: number, make: new (n: number) => A): A {
  const array = new make(length);
  array.set(old);
  return array;
}
