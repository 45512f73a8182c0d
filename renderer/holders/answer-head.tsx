import type { Accounting } from '../../shared/analysis/accounting.ts';
import type { Refcount } from '../../shared/units.ts';
import { visibleSentence, visibleText } from '../widgets/visible-text.ts';
import { writeCount } from '../widgets/write-numbers.ts';
import { ExplainedBar } from './explained-bar.tsx';

interface AnswerHeadProps {
  readonly accounting: Pick<Accounting, 'module' | 'explained' | 'unexplained' | 'arithmetic'>;
  /** Of what is explained, what is so only probably. */
  readonly probable: Refcount;
  /** What lsmod prints; undefined where that cannot be known. */
  readonly lsmod: Refcount | undefined;
  /** A second number, in a quieter colour. */
  readonly beside: { readonly name: string; readonly count: number | undefined };
}

/** Whom the answer is about, the answer in one sentence, and how much of it is explained. */
export function AnswerHead({ accounting, probable, lsmod, beside }: AnswerHeadProps) {
  const { module, explained, unexplained, arithmetic } = accounting;
  return (
    <>
      <div className="answer-head">
        <h3 className="answer-module" title={visibleText(module)}>
          {visibleText(module)}
        </h3>
        <dl className="answer-counts">
          <div>
            <dt>lsmod</dt>
            <dd>{lsmod === undefined ? '–' : writeCount(lsmod)}</dd>
          </div>
          <div>
            <dt>{beside.name}</dt>
            <dd className="quiet">{beside.count === undefined ? '–' : writeCount(beside.count)}</dd>
          </div>
        </dl>
      </div>
      {arithmetic === '' || (lsmod ?? 0) === 0 ? null : <p className="arithmetic">{visibleSentence(arithmetic)}</p>}
      <ExplainedBar references={lsmod} explained={explained} probable={probable} unexplained={unexplained} />
    </>
  );
}
