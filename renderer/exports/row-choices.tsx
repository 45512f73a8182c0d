import { printTime } from '../../shared/event-table/clock.ts';
import { useStore } from '../state/store.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { useTrackList } from '../timeline/use-track-list.ts';
import { visibleText } from '../widgets/visible-text.ts';
import { writeCount, writeCounted } from '../widgets/write-numbers.ts';
import { describeSelection, type ExportChoice, type RowNarrowing } from './export-choice.ts';

interface RowChoicesProps {
  readonly choice: ExportChoice;
  readonly onChoose: (by: ExportChoice['by']) => void;
}

/** By what the rows of a table or a trace are narrowed, and how many that leaves. */
export function RowChoices({ choice, onChoose }: RowChoicesProps) {
  const { summary } = useRecording();
  const window = useStore((state) => state.window);
  const filterText = useStore((state) => state.filterText.trim());
  const { tracks } = useTrackList();
  const { by } = choice;
  const shown = tracks.length;
  const all = summary.modules.length;
  const narrowings: readonly (readonly [RowNarrowing, string, string, boolean])[] = [
    [
      'time',
      'The time in view',
      `${printTime(summary.clock, window.from)} to ${printTime(summary.clock, window.to)}`,
      true,
    ],
    ['tracks', 'Tracks that are shown', shown === all ? 'none is hidden' : `${shown} of ${all}`, shown < all],
    [
      'filter',
      'What passes the filter',
      filterText === '' ? 'there is none' : visibleText(filterText),
      filterText !== '',
    ],
  ];
  return (
    <>
      <fieldset className="choice choice-named">
        <legend>Only</legend>
        <div className="row-choices">
          {narrowings.map(([name, text, told, isPossible]) => (
            <label key={name} className="check row-choice">
              <input
                type="checkbox"
                checked={by[name] && isPossible}
                disabled={!isPossible}
                onChange={({ target }) => onChoose({ ...by, [name]: target.checked })}
              />
              {text}
              <span className="quiet ellipsis" title={told}>
                {told}
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <SelectedCount choice={choice} />
    </>
  );
}

function SelectedCount({ choice }: { readonly choice: ExportChoice }) {
  const { id, engine, summary } = useRecording();
  const selection = describeSelection(choice, useStore());
  // −Infinity is null in JSON, so the choices themselves are the key.
  const counted = useLatestAnswer(JSON.stringify([id, selection, choice.by]), () => engine.countSelection(selection));
  const events = counted && `${writeCount(counted.events)} of ${writeCounted(summary.events, 'event')}`;
  const holds = counted && writeCounted(counted.holds, 'hold');
  const told = { events, holds, perfetto: `${events} and ${holds}` }[choice.kind as 'events' | 'holds' | 'perfetto'];
  return (
    <p className="row-count" role="status">
      {counted === undefined ? '' : `${told} will be written.`}
    </p>
  );
}
