import { Eye, EyeOff, ShieldCheck, TriangleAlert } from 'lucide-react';
import type { SnapshotRefusal } from '../../shared/ipc/snapshot-contract.ts';
import { useStore } from '../state/store.ts';
import { CodeText } from '../widgets/code-text.tsx';
import { visibleSentence } from '../widgets/visible-text.ts';
import { writeCounted } from '../widgets/write-numbers.ts';
import { lookAround, lookAsRoot, stopBeingRoot } from './look-around.ts';
import { SeenAgo } from './seen-ago.tsx';

const OUTCOMES: Partial<Record<SnapshotRefusal['end'], string>> = {
  dismissed: 'The question for a password was dismissed.',
  cancelled: 'The question for a password was dismissed.',
  denied: 'It was not allowed.',
  'no-agent': 'Nobody is there to ask for a password.',
};

const timeOfDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** When and as whom the system was looked at, what could not be seen, and the way to see more. */
export function LookFacts() {
  const present = useStore((state) => state.present);
  const looking = useStore((state) => state.looking);
  const problem = useStore((state) => state.lookProblem);
  const refusal = useStore((state) => state.rootRefusal);
  const way = useStore((state) => state.presentWay);
  if (present === undefined) return null;
  const { overview, seen, since, merged } = present;
  const { asRoot, unseen } = overview;
  const asking = looking === 'root' && !asRoot;
  return (
    <footer className="look-facts">
      <p className="look-line">
        {asRoot ? <ShieldCheck size={14} aria-hidden /> : <Eye size={14} aria-hidden />}
        <span className="ellipsis" title={`Linux ${visibleSentence(overview.kernel)}`}>
          Looked {asRoot ? 'as administrator' : 'as you'}
          {merged ? ', and at the recording,' : ''} at <span className="digits">{timeOfDay.format(seen)}</span>
          {since === seen ? null : (
            <span className="quiet" title="Counts that changed are marked with their change since the first look">
              {' '}
              · changes since <span className="digits">{timeOfDay.format(since)}</span>
            </span>
          )}
        </span>
      </p>
      {problem === undefined ? null : (
        <p className="look-line look-bad" role="status">
          <TriangleAlert size={14} aria-hidden />
          <span>
            <CodeText text={`${problem.what} ${problem.why} ${problem.remedy}`} />
            <span className="look-age">
              What is shown was seen <SeenAgo seen={seen} />.
            </span>
          </span>
        </p>
      )}
      {unseen.length === 0 ? null : (
        <details className="look-unseen">
          <summary>
            <EyeOff size={14} aria-hidden />
            {writeCounted(unseen.length, 'thing')} could not be seen
          </summary>
          <ul>
            {unseen.map(({ what, why }) => (
              <li key={`${what} ${why}`}>
                {visibleSentence(what)}
                {why === '' ? null : <span className="quiet"> – {visibleSentence(why)}</span>}
              </li>
            ))}
          </ul>
        </details>
      )}
      {refusal === undefined ? null : (
        <div className="look-refusal" role="status">
          <TriangleAlert size={14} aria-hidden />
          <div>
            <strong>{OUTCOMES[refusal.end] ?? visibleSentence(refusal.problem.what)}</strong>
            <p>
              {OUTCOMES[refusal.end] === undefined ? <CodeText text={`${refusal.problem.why} `} /> : null}
              <CodeText text={refusal.problem.remedy} />
            </p>
          </div>
        </div>
      )}
      {way === 'root' ? (
        <button type="button" className="link-button look-more" onClick={giveUp}>
          Give up the administrator’s rights
        </button>
      ) : null}
      {asRoot ? null : (
        <button
          type="button"
          className="button button-small look-more"
          disabled={asking}
          onClick={() => void lookAsRoot()}
        >
          <ShieldCheck size={14} aria-hidden />
          {asking ? 'Asking for the password …' : 'Look as administrator'}
        </button>
      )}
    </footer>
  );
}

function giveUp(): void {
  stopBeingRoot();
  void lookAround();
}
