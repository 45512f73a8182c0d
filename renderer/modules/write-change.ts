/** `+1`, `−2`: with a true minus, as wide as the plus. */
export function writeChange(change: number): string {
  return change > 0 ? `+${change}` : `−${-change}`;
}
