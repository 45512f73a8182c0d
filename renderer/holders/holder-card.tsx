import type { HolderAccount } from '../../shared/analysis/accounting.ts';
import { type Clock, printTime } from '../../shared/event-table/clock.ts';
import type { ProcessFacts } from '../../shared/view-model/recording-view.ts';
import { CodeText } from '../widgets/code-text.tsx';
import { ConfidenceBadge } from '../widgets/confidence-badge.tsx';
import { CommandBlock } from '../widgets/copy-button.tsx';
import { Swatch } from '../widgets/swatch.tsx';
import { visibleSentence, visibleTask, visibleText } from '../widgets/visible-text.ts';
import { writeCount, writeCounted } from '../widgets/write-numbers.ts';
import { HolderIcon } from './holder-icon.tsx';
import { ProcessRows } from './process-rows.tsx';
import { releaseCommands } from './release-commands.ts';

interface HolderCardProps {
  readonly holder: HolderAccount;
  /** −1 where it is not known. */
  readonly colour: number;
  readonly clock: Clock;
  readonly selected: boolean;
  readonly onSelect: () => void;
  readonly onLine: (line: number) => void;
  readonly onModule: (module: string) => void;
  /** Who it was while it was recorded, where that was looked up. */
  readonly process?: ProcessFacts | undefined;
}

/** Lines of the text beside a card; a mount may have hundreds. */
const MOST_LINES = 12;

/** One holder: who, since when, by what evidence, and how to make it let go. */
export function HolderCard({ holder, colour, clock, selected, onSelect, onLine, onModule, process }: HolderCardProps) {
  const {
    kind,
    name,
    pid,
    noun,
    references,
    callSite,
    since,
    until,
    confidence,
    evidence,
    meaning,
    release,
    lines,
    alsoHolds,
  } = holder;
  const commands = releaseCommands(holder);
  return (
    <li className={selected ? 'holder-card holder-card-selected' : 'holder-card'}>
      <div className="holder-head">
        <Swatch colour={colour} />
        <HolderIcon kind={kind} />
        <button
          type="button"
          className="holder-name"
          aria-pressed={selected}
          title="Show it in the timeline"
          onClick={onSelect}
        >
          {visibleTask(name, pid)}
        </button>
        <ConfidenceBadge confidence={confidence} />
      </div>
      <p className="holder-facts">
        {writeCounted(references, 'reference')}
        {noun === 'reference' ? '' : ` (${noun})`}
        {callSite === undefined ? null : (
          <>
            {' via '}
            <code>{visibleText(callSite)}</code>
          </>
        )}
        {since === undefined ? ' from before the recording' : ` since ${printTime(clock, since)}`}
        {until === undefined ? '' : `, until ${printTime(clock, until)}`}
      </p>
      {meaning === '' ? null : <p className="holder-meaning">{visibleSentence(meaning)}</p>}
      <dl className="holder-more">
        <dt>Evidence</dt>
        <dd>
          <CodeText text={evidence} />
        </dd>
        {process === undefined ? null : <ProcessRows process={process} />}
        {lines.length === 0 ? null : <Lines lines={lines} onLine={onLine} />}
        {release === '' ? null : (
          <>
            <dt>To let go</dt>
            <dd>
              <CodeText text={release} />
              {commands.map(({ purpose, command }) => (
                <div key={command} className="holder-command">
                  {purpose === '' ? null : <span className="quiet">{purpose}</span>}
                  <CommandBlock commands={command} label={`Copy the command ${command}`} />
                </div>
              ))}
            </dd>
          </>
        )}
        {alsoHolds.length === 0 ? null : (
          <>
            <dt>Also holds</dt>
            <dd className="holder-also">
              {alsoHolds.map((other) => (
                <button key={other.module} type="button" className="link-button" onClick={() => onModule(other.module)}>
                  {visibleText(other.module)}
                  {other.references > 1 ? ` ×${writeCount(other.references)}` : ''}
                </button>
              ))}
            </dd>
          </>
        )}
      </dl>
    </li>
  );
}

function Lines({ lines, onLine }: { readonly lines: readonly number[]; readonly onLine: (line: number) => void }) {
  return (
    <>
      <dt>{lines.length === 1 ? 'Line' : 'Lines'}</dt>
      <dd className="holder-lines">
        {lines.slice(0, MOST_LINES).map((line) => (
          <button key={line} type="button" className="link-button" title="Show this event" onClick={() => onLine(line)}>
            {line}
          </button>
        ))}
        {lines.length > MOST_LINES ? (
          <span className="quiet">and {writeCount(lines.length - MOST_LINES)} more</span>
        ) : null}
      </dd>
    </>
  );
}
