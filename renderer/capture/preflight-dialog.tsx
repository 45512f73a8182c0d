import { CircleCheck, CircleHelp, CircleX } from 'lucide-react';
import type { Preflight } from '../../shared/ipc/capture-contract.ts';
import { useStore } from '../state/store.ts';
import { CodeText } from '../widgets/code-text.tsx';
import { CommandBlock } from '../widgets/copy-button.tsx';
import { Dialog } from '../widgets/dialog.tsx';
import { visibleSentence } from '../widgets/visible-text.ts';
import { sumUp } from './preflight-state.tsx';
import { lookAhead } from './run-capture.ts';

/** Everything that a recording needs, what stands in its way, and what to do about each. */
export function PreflightDialog() {
  const preflight = useStore((state) => state.preflight);
  const close = () => useStore.getState().openPreflight(false);
  if (preflight === undefined) return null;
  const { byHand, checks } = preflight;
  return (
    <Dialog title={sumUp(preflight).words} wide onClose={close}>
      <ul className="preflight-list">
        {checks.map((check) => (
          <PreflightItem key={check.name} {...check} />
        ))}
      </ul>
      <h3>By hand</h3>
      <p className="quiet">This records in a terminal. Ctrl-C ends it, and the file opens here.</p>
      <CommandBlock commands={byHand} label="Copy the command that records by hand" />
      <div className="dialog-actions">
        <button type="button" className="button" data-first onClick={() => void lookAhead()}>
          Look again
        </button>
      </div>
    </Dialog>
  );
}

function PreflightItem({ name, ok, blocks, detail, remedy }: Preflight['checks'][number]) {
  const [Icon, tone, word] = ok
    ? ([CircleCheck, 'good', 'Fine'] as const)
    : blocks
      ? ([CircleX, 'bad', 'In the way'] as const)
      : ([CircleHelp, 'warn', 'Doubtful'] as const);
  return (
    <li className={`preflight-item preflight-${tone}`}>
      <Icon size={15} aria-hidden />
      <span className="visually-hidden">{word}: </span>
      <strong>{visibleSentence(name)}</strong>
      <span className="preflight-detail">
        <CodeText text={detail} />
        {remedy === '' ? null : (
          <span className="preflight-remedy">
            <CodeText text={remedy} />
          </span>
        )}
      </span>
    </li>
  );
}
