import { Eye, TriangleAlert } from 'lucide-react';
import { useStore } from '../state/store.ts';
import { CodeText } from '../widgets/code-text.tsx';
import { visibleSentence } from '../widgets/visible-text.ts';
import { lookAround } from './look-around.ts';

/** In place of the modules before the first look, or where it failed. */
export function NothingSeen() {
  const problem = useStore((state) => state.lookProblem);
  if (problem === undefined)
    return (
      <div className="empty">
        <Eye size={26} strokeWidth={1.5} aria-hidden />
        <p>Looking at this system …</p>
      </div>
    );
  return (
    <div className="empty" role="alert">
      <TriangleAlert size={26} strokeWidth={1.5} aria-hidden />
      <p className="nothing-seen-what">{visibleSentence(problem.what)}</p>
      <p>
        <CodeText text={problem.why} />
      </p>
      <p>
        <CodeText text={problem.remedy} />
      </p>
      <button type="button" className="button" onClick={() => void lookAround()}>
        Look again
      </button>
    </div>
  );
}
