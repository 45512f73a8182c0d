import type { CaptureEnd } from '../../../shared/capture-protocol/capture-progress.ts';
import { explainRefusal } from '../../../shared/capture-protocol/explain-refusal.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { CaptureLedger } from './create-capture-ledger.ts';
import { explainBye, explainKilled, explainSilentEnd, type SilentEnd } from './explain-ended-helper.ts';

export interface CaptureFacts {
  readonly ledger: Pick<CaptureLedger, 'hello' | 'bye' | 'refusal' | 'cancelled'>;
  /** What was wrong with a frame. */
  readonly garbled: Problem | undefined;
  /** What was missing at the end. */
  readonly cut: Problem | undefined;
  readonly exit: SilentEnd;
}

export interface Judgement {
  readonly end: CaptureEnd;
  readonly problem: Problem | undefined;
}

/** Says how a capture ended and what there is to tell about it, from what the helper said and how it went. */
export function judgeCapture({ ledger, garbled, cut, exit }: CaptureFacts): Judgement {
  const { hello, bye, refusal, cancelled } = ledger;
  if (cancelled) return { end: 'cancelled', problem: undefined };
  if (hello === undefined) {
    if (refusal !== undefined) {
      return { end: 'refused', problem: explainRefusal(refusal.code, refusal.sentence) };
    }
    return garbled === undefined ? explainSilentEnd(exit) : { end: 'garbled', problem: garbled };
  }
  if (garbled !== undefined) {
    return { end: 'garbled', problem: { ...garbled, remedy: `What had been recorded is kept. ${garbled.remedy}` } };
  }
  if (refusal !== undefined) return { end: 'failed', problem: explainRefusal(refusal.code, refusal.sentence) };
  if (bye === undefined || cut !== undefined) return { end: 'killed', problem: explainKilled(true) };
  const problem = explainBye(bye.reason);
  return { end: problem === undefined ? 'stopped' : 'failed', problem };
}
