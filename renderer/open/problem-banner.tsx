import { RotateCcw, TriangleAlert, X } from 'lucide-react';
import { useStore } from '../state/store.ts';
import { CodeText } from '../widgets/code-text.tsx';
import { IconButton } from '../widgets/icon-button.tsx';
import { visibleSentence } from '../widgets/visible-text.ts';

/** What went wrong, why, and what to do about it. What was open stays open under it. */
export function ProblemBanner() {
  const problem = useStore((state) => state.problem);
  const tryAgain = useStore((state) => state.tryAgain);
  const showProblem = useStore((state) => state.showProblem);
  if (problem === undefined) return null;
  return (
    <div className="problem" role="alert">
      <TriangleAlert size={18} aria-hidden />
      <div className="problem-text">
        <strong>{visibleSentence(problem.what)}</strong>
        <p>
          <CodeText text={problem.why} />
        </p>
        <p className="problem-remedy">
          <CodeText text={problem.remedy} />
        </p>
      </div>
      {tryAgain === undefined ? null : (
        <button
          type="button"
          className="button button-small"
          onClick={() => {
            showProblem(undefined);
            tryAgain();
          }}
        >
          <RotateCcw size={13} aria-hidden />
          Try again
        </button>
      )}
      <IconButton name="Dismiss" onClick={() => showProblem(undefined)}>
        <X size={16} aria-hidden />
      </IconButton>
    </div>
  );
}
