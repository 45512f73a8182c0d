import type { Analysis } from '../../shared/analysis/analysis.ts';
import type { Problem } from '../../shared/problem.ts';
import { createPresentViews } from '../../shared/view-model/create-present-view.ts';
import type { PresentOverview, PresentView } from '../../shared/view-model/present-view.ts';
import { analysePresent } from './analyse-present.ts';
import { takeTurns } from './take-turns.ts';

/** What came of one look. */
export type LookOutcome =
  | { readonly ok: true; readonly overview: PresentOverview }
  | { readonly ok: false; readonly problem: Problem };

/**
 * The part of the worker that knows the running system: raw facts go in, one look after the other, and the newest one
 * answers.
 */
export interface PresentDesk {
  /**
   * Takes one look's frames; with `merged`, what the recording of this worker says of the system is part of the answers.
   * Until it is done, what is asked is answered from the look before, and does not wait for it. One at a time.
   */
  read(frames: readonly Uint8Array[], merged: boolean): Promise<LookOutcome>;
  /** Errors: throws before a successful `read`. */
  ask<Name extends keyof PresentView>(
    question: Name,
    input: Parameters<PresentView[Name]>,
  ): ReturnType<PresentView[Name]>;
}

/** @param recorded the analysis of the recording that this worker holds, if any, as it is now */
export function createPresentDesk(recorded: () => Analysis | undefined): PresentDesk {
  const show = createPresentViews();
  let view: PresentView | undefined;
  return {
    read: async (frames, merged) => {
      const outcome = await takeTurns(analysePresent(frames, merged ? recorded() : undefined));
      if (!outcome.ok) return outcome;
      view = show(outcome.analysis);
      return { ok: true, overview: view.overview() };
    },
    ask: (question, input) => {
      if (view === undefined) throw new Error('the system was not looked at yet');
      const answer = view[question] as (
        ...input: Parameters<PresentView[typeof question]>
      ) => ReturnType<PresentView[typeof question]>;
      return answer(...input);
    },
  };
}
