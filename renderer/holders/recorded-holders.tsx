import type { Accounting, HolderAccount } from '../../shared/analysis/accounting.ts';
import { printTime } from '../../shared/event-table/clock.ts';
import type { ProcessFacts } from '../../shared/view-model/recording-view.ts';
import { countUnaccounted } from '../growth/count-unaccounted.ts';
import { askEngine } from '../state/ask-engine.ts';
import { useStore } from '../state/store.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { visibleText } from '../widgets/visible-text.ts';
import { AnswerHead } from './answer-head.tsx';
import { AnswerPanel } from './answer-panel.tsx';
import { Cautions } from './cautions.tsx';
import { HolderCard } from './holder-card.tsx';
import { NothingHoldsIt } from './nothing-holds-it.tsx';

/** The answer: who holds the selected module at the cursor, and how to make them let go. */
export function RecordedHolders() {
  const { id, engine, summary } = useRecording();
  const module = useStore((state) => state.module);
  const cursor = useStore((state) => state.cursor);
  const grows = useStore((state) => state.growth !== undefined);
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
  const isAhead = countUnaccounted(summary) > 0 && cursor > summary.accounted.end;
  return (
    <AnswerPanel
      time={
        summary.events === 0 ? null : isAhead ? (
          <span
            className="digits holders-time holders-behind"
            title="Later events are not accounted for yet. The answer follows them."
          >
            as of {printTime(summary.clock, summary.accounted.end)}
          </span>
        ) : (
          <span className="quiet digits holders-time">at {printTime(summary.clock, cursor)}</span>
        )
      }
      label="Holders at the cursor"
      module={accounting?.module}
    >
      {module === undefined ? (
        <p className="empty">
          {summary.modules.length > 0
            ? 'Select a module to see who holds it.'
            : grows
              ? 'Who holds a module is said here once something takes a reference to it.'
              : 'No module has an event, so nothing is known of who holds one. Record while the module is loaded or used, or choose Now above the list to see who holds it on this system.'}
        </p>
      ) : null}
      {accounting === undefined ? null : (
        <Answer
          accounting={accounting}
          isAhead={isAhead}
          colours={answer?.colours ?? []}
          processes={answer?.processes ?? []}
        />
      )}
    </AnswerPanel>
  );
}

interface AnswerProps {
  readonly accounting: Accounting;
  /** The cursor is at a time that is not accounted for yet. */
  readonly isAhead: boolean;
  /** Of each holder; −1 where it has none. */
  readonly colours: readonly number[];
  /** Who each holder was, as far as it was looked up while it was recorded. */
  readonly processes: readonly (ProcessFacts | undefined)[];
}

function Answer({ accounting, isAhead, colours, processes }: AnswerProps) {
  const recording = useRecording();
  const { clock } = recording.summary;
  const hold = useStore((state) => state.hold);
  const { selectModule, selectHold, selectEvent } = useStore.getState();
  const { module, at, refcount, lsmod, holders, cautions } = accounting;

  const probable = holders.reduce((sum, one) => sum + (one.confidence === 'medium' ? one.references : 0), 0);
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
      <AnswerHead
        accounting={accounting}
        probable={probable}
        lsmod={lsmod}
        beside={{ name: 'printed', count: refcount }}
      />
      <Cautions cautions={cautions} />
      {holders.length === 0 ? <NothingHoldsIt accounting={accounting} isAhead={isAhead} /> : null}
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
