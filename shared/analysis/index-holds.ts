import { firstAbove } from '../bisect.ts';
import type { HoldTable } from './hold-table.ts';

const BLOCK = 16;

/**
 * Finds the holds of a module that are open at a time, without looking at the many that are not: the holds of each
 * module in order of their start, and over every 16 of them, and every 16 of those, the latest end.
 */
export class HoldIndex {
  private readonly holds: HoldTable;
  private readonly byModule: Int32Array;
  private readonly offset: Int32Array;
  private readonly blockEnd: Float64Array;
  private readonly superEnd: Float64Array;

  constructor(holds: HoldTable, modules: number) {
    this.holds = holds;
    this.offset = new Int32Array(modules + 1);
    for (let hold = 0; hold < holds.length; hold++) this.offset[holds.module[hold]! + 1]!++;
    for (let module = 0; module < modules; module++) this.offset[module + 1]! += this.offset[module]!;
    this.byModule = new Int32Array(holds.length);
    const next = this.offset.slice();
    for (let hold = 0; hold < holds.length; hold++) this.byModule[next[holds.module[hold]!]!++] = hold;
    this.blockEnd = new Float64Array(Math.ceil(holds.length / BLOCK)).fill(Number.NEGATIVE_INFINITY);
    this.superEnd = new Float64Array(Math.ceil(this.blockEnd.length / BLOCK)).fill(Number.NEGATIVE_INFINITY);
    for (let place = 0; place < holds.length; place++) {
      const end = holds.end[this.byModule[place]!]!;
      const block = Math.floor(place / BLOCK);
      if (end > this.blockEnd[block]!) this.blockEnd[block] = end;
    }
    for (let block = 0; block < this.blockEnd.length; block++) {
      const above = Math.floor(block / BLOCK);
      if (this.blockEnd[block]! > this.superEnd[above]!) this.superEnd[above] = this.blockEnd[block]!;
    }
  }

  /** Every hold of the module with start ≤ time < end, in order of start. */
  openAt(module: number, time: number, each: (hold: number) => void): void {
    const first = this.offset[module]!;
    const last = firstAbove(this.holds.start, this.byModule, time, first, this.offset[module + 1]!);
    let place = first;
    while (place < last) {
      if (place % (BLOCK * BLOCK) === 0 && this.superEnd[place / (BLOCK * BLOCK)]! <= time) {
        place += BLOCK * BLOCK;
      } else if (place % BLOCK === 0 && this.blockEnd[place / BLOCK]! <= time) {
        place += BLOCK;
      } else {
        const hold = this.byModule[place++]!;
        if (this.holds.end[hold]! > time) each(hold);
      }
    }
  }

  /** Every hold of the module, in order of start. */
  all(module: number, each: (hold: number) => void): void {
    for (let place = this.offset[module]!; place < this.offset[module + 1]!; place++) each(this.byModule[place]!);
  }
}
