import type { Refcount } from '../../shared/units.ts';
import { writeCount } from '../widgets/write-numbers.ts';

interface ExplainedBarProps {
  /** As lsmod prints them. */
  readonly references: Refcount | undefined;
  readonly explained: Refcount | undefined;
  /** Of the explained ones, those that are so only by evidence of medium confidence. */
  readonly probable: Refcount;
  readonly unexplained: Refcount | undefined;
}

/** How much of the refcount is explained, as a bar and in numbers; nothing where nothing holds it. */
export function ExplainedBar({ references, explained, probable, unexplained }: ExplainedBarProps) {
  if (references === undefined || explained === undefined || unexplained === undefined || references <= 0) return null;
  const part = (count: number) => Math.min(1, Math.max(0, count / Math.max(1, explained + unexplained)));
  return (
    <div className="explained">
      <div className="explained-bar" aria-hidden>
        <span className="explained-part" style={{ width: `${part(explained - probable) * 100}%` }} />
        <span className="explained-probable" style={{ width: `${part(probable) * 100}%` }} />
      </div>
      <p>
        <span className="explained-count">
          <i className="key key-explained" />
          {writeCount(explained)} explained
        </span>
        {probable === 0 ? null : (
          <span className="explained-count">
            <i className="key key-probable" />
            {writeCount(probable)} of them probably
          </span>
        )}
        <span className={unexplained > 0 ? 'explained-count explained-rest' : 'explained-count quiet'}>
          <i className="key key-unexplained" />
          {writeCount(unexplained)} unexplained
        </span>
      </p>
    </div>
  );
}
