/** A stack that is shown below its event, one frame a row. */
export interface OpenStack {
  /** Place of the event in the list. */
  readonly index: number;
  readonly frames: readonly string[];
}

/** What one row of the screen shows: an event, or one frame of the stack of the event above it. */
export interface ListRow {
  readonly index: number;
  /** Undefined for the event itself. */
  readonly frame: string | undefined;
}

/** Opens a stack, or closes it where it is open. Shape: stacks are in the order of their events. */
export function toggleStack(stacks: readonly OpenStack[], stack: OpenStack): readonly OpenStack[] {
  const others = stacks.filter(({ index }) => index !== stack.index);
  if (others.length < stacks.length) return others;
  return [...others, stack].sort((a, b) => a.index - b.index);
}

/** How many rows so many events have together with the stacks. */
export function countRows(events: number, stacks: readonly OpenStack[]): number {
  return stacks.reduce((sum, { frames }) => sum + frames.length, events);
}

/** What the row of a place shows. */
export function rowAt(stacks: readonly OpenStack[], place: number): ListRow {
  let framesAbove = 0;
  for (const { index, frames } of stacks) {
    const event = index + framesAbove;
    if (place <= event) break;
    if (place <= event + frames.length) return { index, frame: frames[place - event - 1] };
    framesAbove += frames.length;
  }
  return { index: place - framesAbove, frame: undefined };
}

/** The place of an event among the rows. */
export function placeOf(stacks: readonly OpenStack[], index: number): number {
  return stacks.reduce((sum, stack) => (stack.index < index ? sum + stack.frames.length : sum), index);
}
