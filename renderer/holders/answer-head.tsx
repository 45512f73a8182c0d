import { visibleText } from '../widgets/visible-text.ts';
import { writeCount } from '../widgets/write-numbers.ts';

interface AnswerHeadProps {
  readonly module: string;
  /** What lsmod prints; undefined where that cannot be known. */
  readonly lsmod: number | undefined;
  /** A second number, in a quieter colour. */
  readonly beside: { readonly name: string; readonly count: number | undefined };
}

/** Whom the answer is about, and its counts. */
export function AnswerHead({ module, lsmod, beside }: AnswerHeadProps) {
  return (
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
  );
}
