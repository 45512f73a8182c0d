import { CircleDashed } from 'lucide-react';
import { useRef, useState } from 'react';
import type { PresentAnswer } from '../../shared/view-model/present-view.ts';
import { LookTime } from '../present/look-time.tsx';
import { useStore } from '../state/store.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { visibleText } from '../widgets/visible-text.ts';
import { writeCounted } from '../widgets/write-numbers.ts';
import { AnswerHead } from './answer-head.tsx';
import { AnswerPanel } from './answer-panel.tsx';
import { Cautions } from './cautions.tsx';
import { Nothing } from './nothing.tsx';
import { PresentHolderCard } from './present-holder-card.tsx';
import { PlanLine, ReleasePlanView } from './release-plan-view.tsx';
import { type TickedPlan, tickSteps } from './tick-steps.ts';
import { UnexplainedRest } from './unexplained-rest.tsx';
import { UnloadFailure } from './unload-failure.tsx';

/** Holders that are told of at once; a device of a busy service may have thousands. */
const FEW = 40;
/** So many more with each asking. */
const MORE = 200;

/** Who holds the selected module now, and how to make them let go. */
export function PresentHolders() {
  const present = useStore((state) => state.present);
  const module = useStore((state) => state.module);
  const { selectModule } = useStore.getState();
  const plans = useRef(new Map<string, TickedPlan>());
  const [asked, setAsked] = useState({ module, most: FEW });
  const most = asked.module === module ? asked.most : FEW;
  const answer = useLatestAnswer(
    module === undefined || present === undefined ? undefined : JSON.stringify([present.look, module, most]),
    async () => {
      const found = await present?.engine.account(module ?? '', most);
      if (found === undefined) return { module, found };
      // What was to be done at an earlier look, and is not any more, was done.
      const plan = tickSteps(plans.current.get(found.accounting.module), found.plan);
      plans.current.set(found.accounting.module, plan);
      return { module, found, plan };
    },
  );
  return (
    <AnswerPanel time={<LookTime />} label="Holders now" module={answer?.module}>
      {module === undefined ? <p className="empty">Select a module to see who holds it.</p> : null}
      {answer?.module === undefined ? null : answer.found === undefined ? (
        <NotLoaded module={answer.module} />
      ) : (
        <Answer
          found={answer.found}
          plan={answer.plan}
          onModule={selectModule}
          onMore={() => setAsked({ module, most: most + MORE })}
        />
      )}
    </AnswerPanel>
  );
}

interface AnswerProps {
  readonly found: PresentAnswer;
  readonly plan: TickedPlan;
  readonly onModule: (module: string) => void;
  readonly onMore: () => void;
}

function Answer({ found, plan, onModule, onMore }: AnswerProps) {
  const { accounting, more, uptime } = found;
  const { module, refcount, probable, unexplained, holders, cautions, linked } = accounting;
  return (
    <>
      <AnswerHead
        accounting={accounting}
        probable={probable}
        lsmod={refcount}
        beside={{ name: 'modules', count: linked }}
      />
      <UnloadFailure module={module} isFree={found.plan.outcome === 'free'} />
      {holders.length === 0 ? null : <PlanLine plan={plan} />}
      <Cautions cautions={cautions} />
      {holders.length === 0 ? null : (
        <ul className="holder-cards" aria-label={`Holders of ${visibleText(module)}`}>
          {holders.map((holder) => (
            <PresentHolderCard key={holder.key} holder={holder} uptime={uptime} onModule={onModule} />
          ))}
        </ul>
      )}
      {more.holders === 0 ? null : (
        <p className="holders-more">
          <button type="button" className="link-button" onClick={onMore}>
            {writeCounted(more.holders, 'more holder')}
          </button>{' '}
          with {writeCounted(more.references, 'reference')}
        </p>
      )}
      {unexplained > 0 ? <UnexplainedRest found={found} /> : null}
      <ReleasePlanView plan={plan} />
    </>
  );
}

function NotLoaded({ module }: { readonly module: string }) {
  return (
    <Nothing icon={CircleDashed} title="Not loaded now">
      {visibleText(module)} is not in the kernel any more. The list shows what is.
    </Nothing>
  );
}
