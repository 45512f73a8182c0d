/** Columns in which every row that is in some list has its neighbours; a row is in one list at most. */
export interface RowLinks {
  readonly older: Int32Array;
  readonly newer: Int32Array;
}

/** Some rows in the order in which they were added, from which any can be taken out at once. */
export class LinkedRows {
  /** −1 for none. */
  newest = -1;
  oldest = -1;
  size = 0;
  private readonly links: RowLinks;

  constructor(links: RowLinks) {
    this.links = links;
  }

  add(row: number): void {
    const { older, newer } = this.links;
    older[row] = this.newest;
    newer[row] = -1;
    if (this.newest >= 0) newer[this.newest] = row;
    else this.oldest = row;
    this.newest = row;
    this.size++;
  }

  remove(row: number): void {
    const { older, newer } = this.links;
    const before = older[row]!;
    const after = newer[row]!;
    if (after >= 0) older[after] = before;
    else this.newest = before;
    if (before >= 0) newer[before] = after;
    else this.oldest = after;
    this.size--;
  }
}
