import type {
  HolderProcess,
  PresentEvidence,
  PresentHolder,
} from '../../shared/analysis/present/present-accounting.ts';
import { CodeText } from '../widgets/code-text.tsx';
import { ConfidenceBadge } from '../widgets/confidence-badge.tsx';
import { FewThenMore } from '../widgets/few-then-more.tsx';
import { visibleSentence, visibleTask, visibleText } from '../widgets/visible-text.ts';
import { writeCounted } from '../widgets/write-numbers.ts';
import { HolderIcon } from './holder-icon.tsx';
import { writeAge } from './write-age.ts';

interface PresentHolderCardProps {
  readonly holder: PresentHolder;
  /** Seconds since boot at the look. */
  readonly uptime: number;
  readonly onModule: (module: string) => void;
}

/** One holder now: who, as part of what, by what evidence. */
export function PresentHolderCard({ holder, uptime, onModule }: PresentHolderCardProps) {
  const { kind, name, processes, unit, references, noun, object, confidence, evidence, meaning, release } = holder;
  return (
    <li className="holder-card">
      <div className="holder-head">
        <HolderIcon kind={kind} />
        {kind === 'module' ? (
          <button type="button" className="holder-name" title="Show who holds it" onClick={() => onModule(name)}>
            {visibleText(name)}
          </button>
        ) : (
          <span className="holder-name">{visibleText(name)}</span>
        )}
        <ConfidenceBadge confidence={confidence} />
      </div>
      <p className="holder-facts">
        {writeCounted(references, 'reference')}
        {noun === '' || noun === 'reference' ? '' : ` (${visibleText(noun)})`}
        {object === '' ? null : (
          <>
            {': '}
            <code>{visibleSentence(object)}</code>
          </>
        )}
        {unit === undefined ? null : (
          <>
            {' · '}
            <span className="holder-unit">{visibleText(unit)}</span>
            {processes.length > 1 ? ` (${writeCounted(processes.length, 'process', 'processes')})` : ''}
          </>
        )}
      </p>
      {meaning === '' ? null : <p className="holder-meaning">{visibleSentence(meaning)}</p>}
      <dl className="holder-more">
        {processes.length === 0 ? null : (
          <>
            <dt>{processes.length === 1 ? 'Process' : 'Processes'}</dt>
            <dd>
              <FewThenMore items={processes} render={(some) => <Processes processes={some} uptime={uptime} />} />
            </dd>
          </>
        )}
        <dt>Evidence</dt>
        <dd>
          <FewThenMore items={evidence} render={(some) => <Evidence evidence={some} />} />
        </dd>
        {release === '' ? null : (
          <>
            <dt>To let go</dt>
            <dd>
              <CodeText text={release} />
            </dd>
          </>
        )}
      </dl>
    </li>
  );
}

/** The name beside the number: anybody may have been given any name. */
function wordUser({ user, userName }: HolderProcess): string {
  if (userName !== undefined) return ` of ${visibleText(userName)} (${user})`;
  return user === 0 ? ' of root' : ` of user ${user}`;
}

interface ProcessesProps {
  readonly processes: readonly HolderProcess[];
  readonly uptime: number;
}

function Processes({ processes, uptime }: ProcessesProps) {
  return (
    <ul className="holder-processes">
      {processes.map((process) => (
        <li key={process.pid}>
          <strong>{visibleTask(process.comm, process.pid)}</strong>
          <span className="quiet">
            {wordUser(process)}, for {writeAge(uptime - process.started)}
            {process.container === undefined ? '' : `, in ${visibleText(process.container)}`}
          </span>
          {process.executable === undefined ? null : (
            <code className="holder-executable">{visibleText(process.executable)}</code>
          )}
        </li>
      ))}
    </ul>
  );
}

function Evidence({ evidence }: { readonly evidence: readonly PresentEvidence[] }) {
  return (
    <ul className="holder-evidence">
      {evidence.map((one) => (
        <li key={`${one.from} ${one.text}`}>
          <span className={`evidence-from evidence-${one.from}`}>{one.from === 'snapshot' ? 'now' : 'recorded'}</span>
          <span>
            <CodeText text={one.text} />
          </span>
        </li>
      ))}
    </ul>
  );
}
