import type { Accounting, HolderAccount } from '../../shared/analysis/accounting.ts';
import { printTime } from '../../shared/event-table/clock.ts';
import type { ProcessFacts } from '../../shared/view-model/recording-view.ts';
import { askEngine } from '../state/ask-engine.ts';
import { useStore } from '../state/store.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { visibleSentence, visibleText } from '../widgets/visible-text.ts';
import { AnswerHead } from './answer-head.tsx';
import { Cautions } from './cautions.tsx';
import { ExplainedBar } from './explained-bar.tsx';
import { HolderCard } from './holder-card.tsx';
import { NothingHoldsIt } from './nothing-holds-it.tsx';

/** The answer: who holds the selected module at the cursor, and how to make them let go. */
export function RecordedHolders() {
  const { id, engine, summary } = useRecording();
  const module = useStore((state) => state.module);
  const cursor = useStore((state) => state.cursor);
  const answer = useLatestAnswer(module === undefined ? undefined : JSON.stringify([id, module, cursor]), async () => {
    const accounting = await engine.accountingAt(module ?? '', cursor);
    const first = accounting.holders.map(({ holds }) => holds[0]);
    const facts = await Promise.all(first.map((hold) => (hold === undefined ? undefined : engine.holdFacts(hold))));
    const processes = await Promise.all(
      accounting.holders.map(({ pid, lines }) =>
        pid === undefined ? undefined : engine.processOf(pid, lines[0] ?? 0),
      ),
    );
    return { accounting, colours: facts.map((fact) => fact?.colour ?? -1), processes };
  });
  const accounting = answer?.accounting;
  return (
    <section className="panel panel-holders" aria-labelledby="holders-title">
      <header className="panel-head">
        <h2 id="holders-title">Who holds it?</h2>
        <span className="spring" />
        {summary.events === 0 ? null : (
          <span className="quiet digits holders-time">at {printTime(summary.clock, cursor)}</span>
        )}
      </header>
      <section
        className="holders-body"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled with the keyboard
        tabIndex={0}
        aria-live="polite"
        aria-atomic="false"
        aria-label="Holders at the cursor"
      >
        {module === undefined ? (
          <p className="empty">
            {summary.modules.length === 0
              ? 'No module has an event, so nothing is known of who holds one.'
              : 'Select a module to see who holds it.'}
          </p>
        ) : null}
        {accounting === undefined ? null : (
          <Answer accounting={accounting} colours={answer?.colours ?? []} processes={answer?.processes ?? []} />
        )}
      </section>
    </section>
  );
}

interface AnswerProps {
  readonly accounting: Accounting;
  /** Of each holder; −1 where it has none. */
  readonly colours: readonly number[];
  /** Who each holder was, as far as it was looked up while it was recorded. */
  readonly processes: readonly (ProcessFacts | undefined)[];
}

function Answer({ accounting, colours, processes }: AnswerProps) {
  const recording = useRecording();
  const { clock } = recording.summary;
  const hold = useStore((state) => state.hold);
  const { selectModule, selectHold, selectEvent } = useStore.getState();
  const { module, at, refcount, lsmod, holders, arithmetic, cautions } = accounting;

  const showLine = async (line: number) => {
    const event = await askEngine(recording, (engine) => engine.eventAtLine(line));
    if (event !== undefined) selectEvent(event);
  };
  const showHolder = (holder: HolderAccount) => {
    const first = holder.holds[0];
    if (first !== undefined) selectHold(module, first, at);
  };
  return (
    <>
      <AnswerHead module={module} lsmod={lsmod} beside={{ name: 'printed', count: refcount }} />
      <ExplainedBar references={lsmod} explained={accounting.explained} unexplained={accounting.unexplained} />
      {arithmetic === '' || (lsmod ?? 0) === 0 ? null : <p className="arithmetic">{visibleSentence(arithmetic)}</p>}
      <Cautions cautions={cautions} />
      {holders.length === 0 ? <NothingHoldsIt accounting={accounting} /> : null}
      <ul className="holder-cards" aria-label={`Holders of ${visibleText(module)}`}>
        {holders.map((holder, i) => (
          <HolderCard
            key={`${holder.kind} ${holder.name} ${holder.pid} ${holder.holds[0] ?? i}`}
            holder={holder}
            colour={colours[i] ?? -1}
            process={processes[i]}
            clock={clock}
            selected={hold !== undefined && holder.holds.includes(hold)}
            onSelect={() => showHolder(holder)}
            onLine={(line) => void showLine(line)}
            onModule={selectModule}
          />
        ))}
      </ul>
    </>
  );
}
