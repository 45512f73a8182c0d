import { Check, CircleAlert, CircleCheck, ListChecks, type LucideIcon, RotateCcw } from 'lucide-react';
import type { ReleasePlan, ReleaseWay } from '../../shared/analysis/present/present-accounting.ts';
import { visibleSentence } from '../widgets/visible-text.ts';
import { writeCounted } from '../widgets/write-numbers.ts';
import { PlanCommand } from './plan-command.tsx';
import type { TickedPlan, TickedStep } from './tick-steps.ts';

const OUTCOMES: Readonly<Record<ReleasePlan['outcome'], { readonly icon: LucideIcon; readonly title: string }>> = {
  free: { icon: CircleCheck, title: 'It can be unloaded now' },
  unloads: { icon: ListChecks, title: 'How to make it let go' },
  unsure: { icon: CircleAlert, title: 'What can be done, though something may still hold it' },
  reboot: { icon: RotateCcw, title: 'Only a reboot helps' },
};

/** Names go into a command only where no shell could take them for anything else. */
const HARMLESS = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/** What the plan comes to in one line, before all the holders; leads to it. */
export function PlanLine({ plan }: { readonly plan: TickedPlan }) {
  const { icon: Icon, title } = OUTCOMES[plan.outcome];
  const left = plan.steps.filter(({ done }) => !done).length;
  return (
    <p className={`plan-line plan-${plan.outcome}`}>
      <Icon className="plan-icon" size={14} aria-hidden />
      <button
        type="button"
        className="link-button"
        onClick={({ currentTarget }) => scrollToPlan(currentTarget.closest('.holders-body'))}
      >
        {title}
        {left === 0 ? '' : `: ${writeCounted(left, 'step')}`}
      </button>
    </p>
  );
}

/** The panel alone is scrolled: what is around it stays. */
function scrollToPlan(panel: Element | null): void {
  const plan = panel?.querySelector('.plan');
  if (panel === null || !plan) return;
  panel.scrollTop += plan.getBoundingClientRect().top - panel.getBoundingClientRect().top;
}

/** The steps after which a module can be unloaded, in their order; those that were done are ticked. */
export function ReleasePlanView({ plan }: { readonly plan: TickedPlan }) {
  const { module, outcome, summary, steps, handOvers } = plan;
  const { icon: Icon, title } = OUTCOMES[outcome];
  const isDone = steps.length > 0 && steps.every(({ done }) => done);
  return (
    <section className={`plan plan-${outcome}`} aria-labelledby="plan-title">
      <h4 id="plan-title">
        <Icon className="plan-icon" size={16} aria-hidden />
        {title}
      </h4>
      {summary === '' ? null : <p className="plan-summary">{visibleSentence(summary)}</p>}
      {steps.length === 0 ? null : (
        <ol className="plan-steps" aria-label={isDone ? 'Steps, all done' : 'Steps'}>
          {steps.map((step) => (
            <Step key={step.key} step={step} of={module} />
          ))}
        </ol>
      )}
      {outcome === 'reboot' || !HARMLESS.test(module) ? null : (
        <div className="plan-last">
          <p>{outcome === 'free' ? 'ModShark does not do it for you:' : 'Then:'}</p>
          <PlanCommand command={`modprobe -r ${module}`} />
        </div>
      )}
      {handOvers.length === 0 ? null : (
        <details className="plan-others">
          <summary>Or take one device from it</summary>
          {handOvers.map((way) => (
            <Way key={way.command} way={way} />
          ))}
        </details>
      )}
    </section>
  );
}

function Step({ step: { step, done }, of }: { readonly step: TickedStep; readonly of: string }) {
  const [first, ...others] = step.alternatives;
  return (
    <li className={done ? 'plan-step plan-done' : 'plan-step'}>
      <span className="plan-mark" aria-hidden>
        {done ? <Check size={12} strokeWidth={3} /> : null}
      </span>
      <div>
        <p className="plan-reason">
          {done ? <span className="visually-hidden">Done: </span> : null}
          {step.module === of ? null : <strong>{visibleSentence(step.module)}: </strong>}
          {visibleSentence(step.reason)}
        </p>
        {done ? null : (
          <>
            <Way way={first} />
            {others.length === 0 ? null : (
              <details className="plan-others">
                <summary>{writeCounted(others.length, 'other way')}</summary>
                {others.map((way) => (
                  <Way key={`${way.title} ${way.command}`} way={way} />
                ))}
              </details>
            )}
          </>
        )}
      </div>
    </li>
  );
}

function Way({ way: { title, command, consequence } }: { readonly way: ReleaseWay }) {
  return (
    <div className="plan-way">
      <p>
        {visibleSentence(title)}
        {consequence === '' ? null : <span className="plan-consequence"> – {visibleSentence(consequence)}</span>}
      </p>
      {command === undefined ? null : <PlanCommand command={command} />}
    </div>
  );
}
