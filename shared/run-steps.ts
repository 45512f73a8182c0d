/** Does work that comes in steps all at once, for whoever has nothing else to do meanwhile. */
export function runSteps<Result>(steps: Iterator<void, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
