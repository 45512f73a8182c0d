import type { CaptureEnd } from '../../../shared/capture-protocol/capture-progress.ts';
import type { Problem } from '../../../shared/problem.ts';
import { explainSilentEnd, type SilentEnd } from '../capture/explain-ended-helper.ts';

export interface FailedLook {
  readonly ok: false;
  readonly end: CaptureEnd;
  readonly problem: Problem;
}

const what = 'The system could not be looked at.';
const byHand = 'Or look on the command line as root: sudo modshark why';

/** What to do where a look was not allowed, which is something else than where nothing could be recorded. */
const remedies: Partial<Record<CaptureEnd, string>> = {
  dismissed: 'Look again and give the password, or look as yourself: that shows less.',
  denied: `Try again with the password of an administrator. ${byHand}`,
  'no-agent': `Start your desktop’s agent. ${byHand}`,
  killed: 'Look again; when it happens every time, report it.',
};

/** A helper that ended before it had told everything, and did not say why. */
export function explainEndedLook(exit: SilentEnd, hadBegun: boolean): FailedLook {
  if (hadBegun) {
    const why = 'The helper ended before it had told everything: it was killed, or crashed.';
    return { ok: false, end: 'killed', problem: { what, why, remedy: remedies.killed! } };
  }
  const { end, problem } = explainSilentEnd(exit);
  const why = problem.why.replace('before the recording began', 'before it had looked');
  return { ok: false, end, problem: { what, why, remedy: remedies[end] ?? problem.remedy } };
}

/** A look that nobody wants any more. */
export const closedLook: FailedLook = {
  ok: false,
  end: 'cancelled',
  problem: { what, why: 'It was ended before it began.', remedy: 'Look again.' },
};

/** What the helper said or sent made no sense, or was a refusal. */
export function explainRefusedLook(end: 'refused' | 'garbled', problem: Problem): FailedLook {
  const remedy = end === 'garbled' ? 'Check that ModShark and its helper are of the same version.' : problem.remedy;
  return { ok: false, end, problem: { ...problem, what, remedy } };
}
