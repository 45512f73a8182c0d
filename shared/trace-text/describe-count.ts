import type { CheckedCount } from './check-kernel-count.ts';

/** What follows from it: what is proven, or what speaks against it. */
export interface ToldCount {
  readonly proven: string | undefined;
  readonly doubt: string | undefined;
}

/**
 * Says whether all is here that the kernel counted.
 *
 * @param counted the rows that a count has proven, the last one or one before it
 * @param rows all of the rows
 */
export function describeCount(count: CheckedCount, counted: number, rows: number): ToldCount {
  const doubt = doubtOf(count);
  if (counted === 0) return { proven: undefined, doubt };
  const all =
    doubt === undefined
      ? `the kernel counted ${tell(count.read, 'event')}, and all are here`
      : 'what the kernel counted until then is all here';
  const marks = count.lost === 0 ? '' : ` Those that it lost, ${count.lost} by its count, are marked.`;
  if (doubt === undefined && counted === rows) {
    const head = count.lost === 0 ? 'Nothing was lost' : 'Nothing else was lost';
    return { proven: `${head}: ${all}.${marks}`, doubt };
  }
  return {
    proven: `Up to event ${counted} of ${rows} nothing is missing: ${all}.${doubt === undefined ? marks : ''}`,
    doubt,
  };
}

function doubtOf({ read, lost, erasures, here, marked }: CheckedCount): string | undefined {
  if (erasures > 0)
    return 'The kernel’s buffer was erased meanwhile: what was in it is missing, and no count tells how much.';
  if (read > here)
    return `The kernel counted ${tell(read, 'event')}, of which ${here} are here: lines are missing, or could not be read.`;
  if (read < here)
    return `The kernel counted ${tell(read, 'event')}, and ${here} are here: the file was changed, or put together of several.`;
  if (lost === marked) return undefined;
  return `The kernel lost ${tell(lost, 'event')}, and ${Number.isNaN(marked) ? 'not all marks in the file have a number' : `${marked} are marked as lost`}: some may be missing unmarked.`;
}

function tell(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
