const FIRST_SLOTS = 1024;

/**
 * Numbers pairs of whole numbers from 0 on, in the order in which they come. A Map would need a key object or a text for
 * each pair; this is an open-addressed table of 32-bit numbers.
 */
export class PairNumbers {
  size = 0;
  private slots = new Int32Array(FIRST_SLOTS).fill(-1);
  private first = new Int32Array(FIRST_SLOTS / 2);
  private second = new Int32Array(FIRST_SLOTS / 2);

  /** The number of a pair; `size` as it was before where the pair is new. */
  number(first: number, second: number): number {
    const mask = this.slots.length - 1;
    let slot = hashPair(first, second) & mask;
    for (let known = this.slots[slot]!; known >= 0; known = this.slots[slot]!) {
      if (this.first[known] === first && this.second[known] === second) return known;
      slot = (slot + 1) & mask;
    }
    if (this.size === this.first.length) {
      this.grow();
      return this.number(first, second);
    }
    this.first[this.size] = first;
    this.second[this.size] = second;
    this.slots[slot] = this.size;
    return this.size++;
  }

  private grow(): void {
    const old = { first: this.first, second: this.second };
    this.first = new Int32Array(this.size * 2);
    this.second = new Int32Array(this.size * 2);
    this.first.set(old.first);
    this.second.set(old.second);
    this.slots = new Int32Array(this.size * 4).fill(-1);
    const mask = this.slots.length - 1;
    for (let known = 0; known < this.size; known++) {
      let slot = hashPair(this.first[known]!, this.second[known]!) & mask;
      while (this.slots[slot]! >= 0) slot = (slot + 1) & mask;
      this.slots[slot] = known;
    }
  }
}

function hashPair(first: number, second: number): number {
  const hash = Math.imul(first + 1, 0x9e3779b1) ^ Math.imul(second + 1, 0x85ebca6b);
  return hash ^ (hash >>> 15);
}
