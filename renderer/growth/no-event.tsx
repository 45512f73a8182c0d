import { CircleSlash, Radio } from 'lucide-react';
import { useStore } from '../state/store.ts';
import { useRecording } from '../state/use-recording.ts';
import { CodeText } from '../widgets/code-text.tsx';
import { writeCounted } from '../widgets/write-numbers.ts';

/** The place of the timeline in a recording that has no event: it waits for the first, or ended without one. */
export function NoEvent() {
  const grows = useStore((state) => state.growth !== undefined);
  return grows ? <Waiting /> : <Nothing />;
}

function Waiting() {
  const { lines } = useRecording().summary;
  return (
    <div className="no-recording" role="status">
      <Radio className="growth-light" size={36} strokeWidth={1.4} aria-hidden />
      <h3>Recording: waiting for the first module event</h3>
      <p>
        Nothing has taken or given back a module yet. Now do what makes the problem: load or unload the module, open its
        device, start the program that uses it.
      </p>
      <p className="quiet">
        {lines.total === 0
          ? 'No line has come so far.'
          : `${writeCounted(lines.total, 'line')} came so far, none of a module event.`}
      </p>
    </div>
  );
}

function Nothing() {
  const ending = useStore((state) => state.ending);
  const { lines } = useRecording().summary;
  const problem = ending?.kind === 'empty' && lines.rejected > 0 ? ending.problem : undefined;
  return (
    <div className="no-recording" role="status">
      <CircleSlash size={36} strokeWidth={1.4} aria-hidden />
      <h3>{problem === undefined ? 'The recording has no event' : problem.what}</h3>
      <p>
        <CodeText
          text={
            problem?.why ??
            'While it ran, no module was loaded or unloaded, and no reference to one was taken or given back.'
          }
        />
      </p>
      <p>
        <CodeText
          text={
            problem?.remedy ??
            'Record again, and do what makes the problem while the recording runs. If it is of chosen modules only, check their names.'
          }
        />
      </p>
    </div>
  );
}
