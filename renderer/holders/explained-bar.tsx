import type { Accounting } from '../../shared/analysis/accounting.ts';
import { writeCount } from '../widgets/write-numbers.ts';

/** How much of the refcount is explained, as a bar and in numbers. */
export function ExplainedBar({ accounting }: { readonly accounting: Accounting }) {
  const { lsmod, explained, unexplained } = accounting;
  if (lsmod === undefined || explained === undefined || unexplained === undefined || lsmod <= 0) return null;
  const part = Math.min(1, Math.max(0, explained / Math.max(1, explained + unexplained)));
  return (
    <div className="explained">
      <div className="explained-bar" aria-hidden>
        <span className="explained-part" style={{ width: `${part * 100}%` }} />
      </div>
      <p>
        <span className="explained-count">
          <i className="key key-explained" />
          {writeCount(explained)} explained
        </span>
        <span className={unexplained > 0 ? 'explained-count explained-rest' : 'explained-count quiet'}>
          <i className="key key-unexplained" />
          {writeCount(unexplained)} unexplained
        </span>
      </p>
    </div>
  );
}
