/**
 * The order that sorts rows by time and keeps rows of one time as they stand.
 *
 * Errors: undefined where the rows are in order already.
 */
export function sortRows(time: Float64Array): Uint32Array | undefined {
  let row = 1;
  while (row < time.length && time[row]! >= time[row - 1]!) row++;
  if (row >= time.length) return undefined;
  const order = new Uint32Array(time.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  return order.sort((a, b) => time[a]! - time[b]! || a - b);
}
