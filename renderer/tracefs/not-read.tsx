import { Lock } from 'lucide-react';
import { useStore } from '../state/store.ts';
import { CodeText } from '../widgets/code-text.tsx';
import { readTracefs } from './read-tracefs.ts';

/** Only root sees tracefs: what can be known without, why the last look failed, and the way to look. */
export function NotRead() {
  const preflight = useStore((state) => state.preflight);
  const problem = useStore((state) => state.tracefsProblem);
  const reading = useStore((state) => state.tracefsReading);
  if (preflight === undefined) return null;
  const { asks, way, checks } = preflight;
  const known = checks.filter(
    ({ name }) => name === 'tracefs' || name === 'module events' || name === 'kernel lockdown',
  );
  return (
    <section className="tracefs-card" aria-label="Without root’s rights">
      <h3>
        <Lock size={14} aria-hidden /> Only root can look into tracefs
      </h3>
      <dl className="tracefs-facts">
        {known.map(({ name, detail }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <CodeText text={detail} />
            </dd>
          </div>
        ))}
      </dl>
      {problem === undefined ? null : (
        <p className="tracefs-problem" role="alert">
          <strong>{problem.what}</strong> <CodeText text={problem.why} /> <CodeText text={problem.remedy} />
        </p>
      )}
      <button type="button" className="button" disabled={reading} onClick={() => void readTracefs()}>
        {reading ? 'Looking…' : asks === 'nobody' || way === null ? 'Look' : 'Look, with a password'}
      </button>
    </section>
  );
}
