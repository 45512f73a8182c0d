import type { Problem } from '../../shared/problem.ts';

/**
 * Makes promises reject when a worker dies that would have kept them. Not with `Promise.race`: the promise of the death
 * outlives them all, and would hold every answer that was ever raced with it.
 */
export function endWith(died: Promise<Problem>): <Answer>(answer: Promise<Answer>) => Promise<Answer> {
  const waiting = new Set<(reason: Error) => void>();
  let death: Error | undefined;
  void died.then((problem) => {
    death = new Error(problem.why);
    for (const reject of waiting) reject(death);
  });
  return (answer) =>
    new Promise((resolve, reject) => {
      if (death !== undefined) return reject(death);
      waiting.add(reject);
      answer.then(resolve, reject).finally(() => waiting.delete(reject));
    });
}
