import { TriangleAlert } from 'lucide-react';
import { useStore } from '../state/store.ts';
import { visibleSentence } from '../widgets/visible-text.ts';

const timeOfDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

interface UnloadFailureProps {
  readonly module: string;
  /** Nothing that is seen keeps the module from being unloaded. */
  readonly isFree: boolean;
}

/** That the module was to be unloaded in the terminal, and did not go; the answer around it is of a look since. */
export function UnloadFailure({ module, isFree }: UnloadFailureProps) {
  const failed = useStore((state) => state.failedUnload);
  const seen = useStore((state) => state.present?.seen ?? 0);
  if (failed === undefined || failed.module !== module) return null;
  return (
    <div className="unload-failure" role="status">
      <TriangleAlert size={15} aria-hidden />
      <p>
        <code>{visibleSentence(failed.line)}</code> ended with {failed.exitCode} at{' '}
        <span className="digits">{timeOfDay.format(failed.at)}</span>: the terminal says why.{' '}
        {seen < failed.at
          ? 'Looking again …'
          : isFree
            ? 'Nothing is seen that holds it now: it may need the rights of root.'
            : 'What is shown here was seen since.'}
      </p>
    </div>
  );
}
