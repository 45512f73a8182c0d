import { CircleDashed } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import type { PresentAnswer } from '../../shared/view-model/present-view.ts';
import { useStore } from '../state/store.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { visibleSentence, visibleText } from '../widgets/visible-text.ts';
import { AnswerHead } from './answer-head.tsx';
import { Cautions } from './cautions.tsx';
import { ExplainedBar } from './explained-bar.tsx';
import { PresentHolderCard } from './present-holder-card.tsx';
import { PlanLine, ReleasePlanView } from './release-plan-view.tsx';
import { type TickedPlan, tickSteps } from './tick-steps.ts';
import { UnexplainedRest } from './unexplained-rest.tsx';

/** Who holds the selected module now, and how to make them let go. */
export function PresentHolders() {
  const present = useStore((state) => state.present);
  const module = useStore((state) => state.module);
  const { selectModule } = useStore.getState();
  const plans = useRef(new Map<string, TickedPlan>());
  const answer = useLatestAnswer(
    module === undefined || present === undefined ? undefined : JSON.stringify([present.look, module]),
    async () => {
      const found = await present?.engine.account(module ?? '');
      if (found === undefined) return { module, found };
      // What was to be done at an earlier look, and is not any more, was done.
      const plan = tickSteps(plans.current.get(found.accounting.module), found.plan);
      plans.current.set(found.accounting.module, plan);
      return { module, found, plan };
    },
  );
  const body = useRef<HTMLElement | null>(null);
  const answered = answer?.module;
  // Another module is read from its start; the same one where the reader was.
  // biome-ignore lint/correctness/useExhaustiveDependencies: for every other module
  useLayoutEffect(() => {
    if (body.current !== null) body.current.scrollTop = 0;
  }, [answered]);
  return (
    <section className="panel panel-holders" aria-labelledby="holders-title">
      <header className="panel-head">
        <h2 id="holders-title">Who holds it?</h2>
        <span className="spring" />
        <span className="quiet holders-time">now</span>
      </header>
      <section
        ref={body}
        className="holders-body"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled with the keyboard
        tabIndex={0}
        aria-live="polite"
        aria-atomic="false"
        aria-label="Holders now"
      >
        {module === undefined ? <p className="empty">Select a module to see who holds it.</p> : null}
        {answer?.module === undefined ? null : answer.found === undefined ? (
          <NotLoaded module={answer.module} />
        ) : (
          <Answer found={answer.found} plan={answer.plan} onModule={selectModule} />
        )}
      </section>
    </section>
  );
}

interface AnswerProps {
  readonly found: PresentAnswer;
  readonly plan: TickedPlan;
  readonly onModule: (module: string) => void;
}

function Answer({ found, plan, onModule }: AnswerProps) {
  const { accounting, uptime } = found;
  const { module, refcount, explained, unexplained, holders, arithmetic, cautions, linked } = accounting;
  return (
    <>
      <AnswerHead module={module} lsmod={refcount} beside={{ name: 'modules', count: linked }} />
      <ExplainedBar references={refcount} explained={explained} unexplained={unexplained} />
      {arithmetic === '' || (refcount ?? 0) === 0 ? null : <p className="arithmetic">{visibleSentence(arithmetic)}</p>}
      {holders.length === 0 ? null : <PlanLine plan={plan} />}
      <Cautions cautions={cautions} />
      {holders.length === 0 ? null : (
        <ul className="holder-cards" aria-label={`Holders of ${visibleText(module)}`}>
          {holders.map((holder) => (
            <PresentHolderCard key={holder.key} holder={holder} uptime={uptime} onModule={onModule} />
          ))}
        </ul>
      )}
      {unexplained > 0 ? <UnexplainedRest found={found} /> : null}
      <ReleasePlanView plan={plan} />
    </>
  );
}

function NotLoaded({ module }: { readonly module: string }) {
  return (
    <div className="nothing">
      <CircleDashed size={28} aria-hidden />
      <h3>Not loaded now</h3>
      <p>{visibleText(module)} is not in the kernel any more. The list shows what is.</p>
    </div>
  );
}
