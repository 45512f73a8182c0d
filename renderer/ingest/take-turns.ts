/** How long the worker works at one thing before it looks whether somebody asks something. */
export const TURN_MS = 30;

/** Does something long in turns, between which whatever else waits for this thread has its turn. */
export async function takeTurns<Result>(steps: Iterator<void, Result>): Promise<Result> {
  for (;;) {
    const step = workUntil(performance.now() + TURN_MS, steps);
    if (step.done === true) return step.value;
    await nextTurn();
  }
}

function workUntil<Result>(end: number, steps: Iterator<void, Result>): IteratorResult<void, Result> {
  for (;;) {
    const step = steps.next();
    if (step.done === true || performance.now() >= end) return step;
  }
}

/** The same steps, until somebody does not want their result any more. */
export function* unlessStopped<Result>(
  steps: Iterator<void, Result>,
  isStopped: () => boolean,
): Generator<void, Result | undefined> {
  while (!isStopped()) {
    const step = steps.next();
    if (step.done === true) return step.value;
    yield;
  }
  return undefined;
}

/** Lets whatever else waits for this thread have its turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
