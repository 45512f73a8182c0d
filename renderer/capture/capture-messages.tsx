import { CircleCheck, TriangleAlert, X } from 'lucide-react';
import { useStore } from '../state/store.ts';
import { CodeText } from '../widgets/code-text.tsx';
import { IconButton } from '../widgets/icon-button.tsx';
import { visibleSentence } from '../widgets/visible-text.ts';

/** What happened to the recording; each stays until somebody has read it. */
export function CaptureMessages() {
  const messages = useStore((state) => state.captureMessages);
  const { dismissMessage } = useStore.getState();
  return (
    <ul aria-label="Messages of the recording" aria-live="polite">
      {messages.map(({ id, kind, problem: { what, why, remedy } }) => (
        <li key={id} className={`capture-message capture-message-${kind}`}>
          {kind === 'good' ? <CircleCheck size={15} aria-hidden /> : <TriangleAlert size={15} aria-hidden />}
          <p>
            <strong>{visibleSentence(what)}</strong> <CodeText text={why} /> <CodeText text={remedy} />
          </p>
          <IconButton name="Dismiss" onClick={() => dismissMessage(id)}>
            <X size={14} aria-hidden />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}
