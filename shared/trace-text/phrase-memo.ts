const SLOTS = 4096;
const SLOT_SHIFT = 20;
/** A slot's words; longer phrases are not remembered. */
const PHRASE_WORDS = 32;
const PHRASE_BYTES = PHRASE_WORDS * 4;
/** Every phrase has this many bytes at least: the key is made of the first twelve. */
const KEY_BYTES = 12;

/**
 * Remembers runs of bytes that come again and again, and what they were found to mean.
 *
 * A recording has a million events and a few hundred phrases like `drm call_site=` or `chrdev_open refcnt=`. Comparing
 * one with what stood at its place before, four bytes at a time, takes a tenth of reading it again.
 *
 * Shape: one slot per key; a phrase takes the slot of another with the same key.
 */
export class PhraseMemo {
  /** Bytes of the phrase that `find` found. */
  length = 0;
  private readonly words = new Int32Array(SLOTS * PHRASE_WORDS);
  private readonly lengths = new Uint8Array(SLOTS);
  private readonly meanings = new Int32Array(SLOTS).fill(-1);

  /** The meaning of the phrase that stands here; −1 where none is known. `end` is where the bytes end. */
  find(view: DataView, at: number, end: number): number {
    // Asking the view itself is a call that V8 does not do away with.
    if (at + PHRASE_BYTES > end) return -1;
    const slot = slotOf(view, at);
    const length = this.lengths[slot]!;
    const { words } = this;
    let word = slot * PHRASE_WORDS;
    let place = at;
    for (let left = length >> 2; left > 0; left--) {
      if (view.getInt32(place, true) !== words[word]) return -1;
      word++;
      place += 4;
    }
    const rest = (length & 3) * 8;
    if (rest > 0 && ((view.getInt32(place, true) ^ words[word]!) & ((1 << rest) - 1)) !== 0) return -1;
    this.length = length;
    return this.meanings[slot]!;
  }

  learn(view: DataView, at: number, length: number, meaning: number): void {
    if (length < KEY_BYTES || length > PHRASE_BYTES || at + PHRASE_BYTES > view.byteLength) return;
    const slot = slotOf(view, at);
    for (let i = 0; i < PHRASE_WORDS; i++) this.words[slot * PHRASE_WORDS + i] = view.getInt32(at + i * 4, true);
    this.lengths[slot] = length;
    this.meanings[slot] = meaning;
  }
}

function slotOf(view: DataView, at: number): number {
  const first = Math.imul(view.getInt32(at, true), 0x9e3779b1);
  const second = Math.imul(view.getInt32(at + 4, true), 0x85ebca6b);
  const third = Math.imul(view.getInt32(at + 8, true), 0xc2b2ae35);
  return ((first + second + third) ^ ((first ^ third) >>> 13)) >>> SLOT_SHIFT;
}
