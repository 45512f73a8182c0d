import type { ReleasePlan, ReleaseStep } from '../../shared/analysis/present/present-accounting.ts';

/** A step of a plan, and whether it was done since the plan was first made. */
export interface TickedStep {
  /** The same at every look for as long as it is the same step. */
  readonly key: string;
  readonly step: ReleaseStep;
  readonly done: boolean;
}

export interface TickedPlan extends Omit<ReleasePlan, 'steps'> {
  /** What was done first, then what is left. */
  readonly steps: readonly TickedStep[];
}

/** So many done ones are kept: a module whose users come and go would gather them without end. */
const MOST_DONE = 12;

/** The plan of a new look, with the steps of the looks before that are not necessary any more ticked. */
export function tickSteps(before: TickedPlan | undefined, plan: ReleasePlan): TickedPlan {
  const counts = new Map<string, number>();
  const left = plan.steps.map((step): TickedStep => {
    // A command makes a step the same one, though its reason may gain a descriptor from one look to the next.
    const name = `${step.module} ${step.alternatives[0].command ?? step.reason}`;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return { key: `${count} ${name}`, step, done: false };
  });
  const necessary = new Set(left.map(({ key }) => key));
  const done = (before?.steps ?? [])
    .filter(({ key }) => !necessary.has(key))
    .map((ticked): TickedStep => ({ ...ticked, done: true }))
    .slice(-MOST_DONE);
  return { ...plan, steps: [...done, ...left] };
}
