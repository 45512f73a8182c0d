/** Rows of a table by the value of one column. */
export interface RowGroups {
  /** The rows of a group, ascending; a view, not to be written. */
  of(group: number): Int32Array;
}

/** Groups rows by a column in two passes; rows whose key is negative are in no group. */
export function groupRows(keys: Int32Array, length: number, groups: number): RowGroups {
  const offsets = new Int32Array(groups + 1);
  for (let row = 0; row < length; row++) if (keys[row]! >= 0) offsets[keys[row]! + 1]!++;
  for (let group = 0; group < groups; group++) offsets[group + 1]! += offsets[group]!;
  const next = offsets.slice(0, groups);
  const rows = new Int32Array(offsets[groups]!);
  for (let row = 0; row < length; row++) {
    const key = keys[row]!;
    if (key >= 0) rows[next[key]!++] = row;
  }
  return { of: (group) => rows.subarray(offsets[group]!, offsets[group + 1]!) };
}
