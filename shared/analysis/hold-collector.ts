/** Where a hold comes from. */
export const HoldOrigin = { get: 0, loader: 1, baseline: 2, unseen: 3 } as const;
export type HoldOrigin = (typeof HoldOrigin)[keyof typeof HoldOrigin];

/** How a hold was matched with its end. */
export const HoldEnd = {
  /** Still open when the recording ends. */
  open: 0,
  /** Given back by the process that took it. */
  own: 1,
  /** Given back by another one. */
  foreign: 2,
  /** The loader's own put, or a link's put after module_free. */
  known: 3,
  /** Some reference had to go and none fitted. */
  forced: 4,
  /** The count shows that it is gone; the event is missing. */
  unseen: 5,
  /** The module was freed with it. */
  freed: 6,
} as const;
export type HoldEnd = (typeof HoldEnd)[keyof typeof HoldEnd];

/** No row: later than any. */
export const NEVER = 0x7fffffff;

/** Holds as growing columns, in the order in which they are found (module by module). */
export class HoldCollector {
  length = 0;
  module: Int32Array;
  /** Row that begins it or shows that it has begun; −1 from before the recording. */
  beginRow: Int32Array;
  /** Row that ends it or shows that it has ended; NEVER while open. */
  endRow: Int32Array;
  origin: Uint8Array;
  end: Uint8Array;
  /** PairScore of its end. */
  score: Uint8Array;
  /** From this row on another holder may be meant; NEVER for no doubt. */
  lowFrom: Int32Array;
  /** From this row on it is one of a few. */
  mediumFrom: Int32Array;
  /** 1 where it was taken after the end of another one had been guessed (`ModuleLedger.noteGuess`). */
  afterGuess: Uint8Array;

  /** @param expected about how many there will be */
  constructor(expected: number) {
    this.module = new Int32Array(expected);
    this.beginRow = new Int32Array(expected);
    this.endRow = new Int32Array(expected);
    this.origin = new Uint8Array(expected);
    this.end = new Uint8Array(expected);
    this.score = new Uint8Array(expected);
    this.lowFrom = new Int32Array(expected);
    this.mediumFrom = new Int32Array(expected);
    this.afterGuess = new Uint8Array(expected);
  }

  add(module: number, beginRow: number, origin: HoldOrigin): number {
    if (this.length === this.module.length) this.grow();
    const hold = this.length++;
    this.module[hold] = module;
    this.beginRow[hold] = beginRow;
    this.endRow[hold] = NEVER;
    this.origin[hold] = origin;
    this.lowFrom[hold] = NEVER;
    this.mediumFrom[hold] = NEVER;
    return hold;
  }

  close(hold: number, row: number, end: HoldEnd, score = 0): void {
    this.endRow[hold] = row;
    this.end[hold] = end;
    this.score[hold] = score;
  }

  private grow(): void {
    const length = this.module.length * 2 + 64;
    const ints = (old: Int32Array) => {
      const grown = new Int32Array(length);
      grown.set(old);
      return grown;
    };
    const bytes = (old: Uint8Array) => {
      const grown = new Uint8Array(length);
      grown.set(old);
      return grown;
    };
    this.module = ints(this.module);
    this.beginRow = ints(this.beginRow);
    this.endRow = ints(this.endRow);
    this.lowFrom = ints(this.lowFrom);
    this.mediumFrom = ints(this.mediumFrom);
    this.origin = bytes(this.origin);
    this.end = bytes(this.end);
    this.score = bytes(this.score);
    this.afterGuess = bytes(this.afterGuess);
  }
}
