import { type HoldCollector, HoldEnd, HoldOrigin, NEVER } from './hold-collector.ts';
import { LinkedRows, type RowLinks } from './linked-rows.ts';
import { type AboutGets, OpenGets } from './open-gets.ts';

/**
 * The open references of one life of one module: from its load, or from the start of the recording, to its free. Every
 * reference is in exactly one of the lists, so their sum is what lsmod would say.
 */
export class ModuleLedger {
  private readonly holds: HoldCollector;
  private readonly module: number;
  /** Per row of a get: its hold. */
  private readonly holdOf: Int32Array;
  /** Gets that strangers may give back. */
  readonly gets: OpenGets;
  /** Gets that their own process gives back later. */
  readonly reserved: LinkedRows;
  /** Rows of the gets of links, by a key of the caller's for who links. */
  readonly links = new Map<number, number[]>();
  readonly baseline: number[] = [];
  readonly unseen: number[] = [];
  loader = -1;
  /** How many references are open. */
  count = 0;
  /**
   * Some end was guessed, so another reference than that may be gone: one that is taken later, and whose put is missing,
   * makes the count agree as well. Over when nothing is open any more.
   */
  private guessed = false;

  noteGuess(): void {
    this.guessed = true;
  }

  constructor(holds: HoldCollector, module: number, holdOf: Int32Array, links: RowLinks, about: AboutGets) {
    this.holds = holds;
    this.module = module;
    this.holdOf = holdOf;
    this.gets = new OpenGets(links, about);
    this.reserved = new LinkedRows(links);
  }

  startLoading(row: number): void {
    this.loader = this.holds.add(this.module, row, HoldOrigin.loader);
    this.count++;
  }

  /** References that nothing recorded shows being taken: from before the recording (row −1), or while events were lost. */
  addUnexplained(count: number, row: number): void {
    const origin = row < 0 ? HoldOrigin.baseline : HoldOrigin.unseen;
    const list = row < 0 ? this.baseline : this.unseen;
    for (let index = 0; index < count; index++) list.push(this.holds.add(this.module, row, origin));
    this.count += count;
  }

  private open(row: number): void {
    if (this.count === 0) this.guessed = false;
    const hold = this.holds.add(this.module, row, HoldOrigin.get);
    this.holds.afterGuess[hold] = this.guessed ? 1 : 0;
    this.holdOf[row] = hold;
    this.count++;
  }

  addLink(row: number, user: number): void {
    this.open(row);
    const rows = this.links.get(user);
    if (rows === undefined) this.links.set(user, [row]);
    else rows.push(row);
  }

  addGet(row: number, givenBackByOwn: boolean): void {
    this.open(row);
    if (givenBackByOwn) this.reserved.add(row);
    else this.gets.add(row);
  }

  endLoader(row: number, end: HoldEnd): void {
    this.holds.close(this.loader, row, end);
    this.loader = -1;
    this.count--;
  }

  endLink(user: number, row: number, end: HoldEnd): boolean {
    const rows = this.links.get(user);
    const link = rows?.pop();
    if (link === undefined) return false;
    if (rows!.length === 0) this.links.delete(user);
    this.holds.close(this.holdOf[link]!, row, end);
    this.count--;
    return true;
  }

  /** Whether a get that its own process gives back in this life is still open. */
  isOpen(getRow: number): boolean {
    return this.holds.endRow[this.holdOf[getRow]!] === NEVER;
  }

  endReserved(getRow: number, row: number, end: HoldEnd, score: number): void {
    this.reserved.remove(getRow);
    this.holds.close(this.holdOf[getRow]!, row, end, score);
    this.count--;
  }

  endGet(getRow: number, row: number, end: HoldEnd, score: number): number {
    const doubt = this.gets.remove(getRow);
    const hold = this.holdOf[getRow]!;
    this.holds.close(hold, row, end, score);
    this.holds.lowFrom[hold] = doubt.lowFrom;
    this.holds.mediumFrom[hold] = doubt.mediumFrom;
    this.count--;
    return hold;
  }

  /** Ends one reference of unknown origin, the latest first; false when there is none. */
  endUnexplained(row: number, end: HoldEnd): boolean {
    const hold = this.unseen.pop() ?? this.baseline.pop();
    if (hold === undefined) return false;
    this.holds.close(hold, row, end);
    this.count--;
    return true;
  }

  /** Ends what is left when the module is freed. */
  closeAll(row: number): void {
    if (this.loader >= 0) this.endLoader(row, HoldEnd.freed);
    for (const user of [...this.links.keys()]) while (this.endLink(user, row, HoldEnd.freed));
    while (this.endUnexplained(row, HoldEnd.freed));
    while (this.reserved.size > 0) this.endReserved(this.reserved.oldest, row, HoldEnd.freed, 0);
    this.gets.drain((get, doubt) => {
      const hold = this.holdOf[get]!;
      this.holds.close(hold, row, HoldEnd.freed);
      this.holds.lowFrom[hold] = doubt.lowFrom;
      this.holds.mediumFrom[hold] = doubt.mediumFrom;
      this.count--;
    });
  }

  /** Writes down the doubts of what is still open when the recording ends. */
  settleOpen(): void {
    this.gets.drain((get, doubt) => {
      this.holds.lowFrom[this.holdOf[get]!] = doubt.lowFrom;
      this.holds.mediumFrom[this.holdOf[get]!] = doubt.mediumFrom;
    });
  }
}
