import { Eraser } from 'lucide-react';
import { withHost } from '../capture/run-capture.ts';
import { useStore } from '../state/store.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { visibleText } from '../widgets/visible-text.ts';
import { writeCount } from '../widgets/write-numbers.ts';

/** The buffer of the recording that is being made: the kernel's own counters, and the way to erase it. */
export function OwnBuffer() {
  const capture = useStore((state) => state.capture);
  const running = capture !== undefined && capture.progress.state === 'recording';
  const { events = 0, lost = 0, waiting = 0, erasures = 0 } = capture?.progress ?? {};
  const key = running ? [capture.capture, events, lost, waiting, erasures].join(' ') : undefined;
  const buffer = useLatestAnswer(key, () =>
    withHost((host) => host.request('capture.buffer', { capture: capture?.capture ?? 0 })),
  );
  if (capture === undefined || !running || buffer === undefined) return null;
  const clear = () => void withHost((host) => host.request('capture.clear', { capture: capture.capture }));
  return (
    <section className="tracefs-card tracefs-own" aria-label="Our buffer">
      <h3>
        Our buffer <code>{visibleText(buffer.instance)}</code>
        <button
          type="button"
          className="button button-small"
          title="Erases what the kernel’s buffer of this recording holds; what was read is kept"
          onClick={clear}
        >
          <Eraser size={13} aria-hidden />
          Clear our buffer
        </button>
      </h3>
      <table className="tracefs-table">
        <thead>
          <tr>
            <th>CPU</th>
            <th className="number">waiting</th>
            <th className="number">overrun</th>
            <th className="number">dropped</th>
            <th className="number">read</th>
          </tr>
        </thead>
        <tbody>
          {buffer.cpus.map(({ cpu, entries, overrun, dropped, read }) => (
            <tr key={cpu}>
              <th scope="row">{cpu}</th>
              <td className="number">{writeCount(entries)}</td>
              <td className={overrun > 0 ? 'number fact-bad' : 'number'}>{writeCount(overrun)}</td>
              <td className={dropped > 0 ? 'number fact-bad' : 'number'}>{writeCount(dropped)}</td>
              <td className="number">{writeCount(read)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {buffer.cpus.length === 0 ? <p className="quiet">The kernel has counted nothing yet.</p> : null}
    </section>
  );
}
