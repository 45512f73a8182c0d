import { SlidersHorizontal } from 'lucide-react';
import { useStore } from '../state/store.ts';
import { PopUp } from '../widgets/pop-up.tsx';
import { writeBytes } from '../widgets/write-numbers.ts';

const BUFFERS_KIB = [256, 1024, 4096, 16_384, 65_536];

/** What else can be chosen; it is remembered. */
export function CaptureOptions() {
  const capture = useStore((state) => state.settings.capture);
  const change = (part: Partial<typeof capture>) =>
    useStore.getState().changeSettings({ capture: { ...capture, ...part } });
  const sizes = BUFFERS_KIB.includes(capture.bufferKiB)
    ? BUFFERS_KIB
    : [...BUFFERS_KIB, capture.bufferKiB].sort((a, b) => a - b);
  return (
    <PopUp
      title="Options of the recording"
      label={
        <>
          <SlidersHorizontal size={13} aria-hidden />
          Options
          {capture.stackTraces ? ' · stacks' : ''}
          {capture.bufferKiB === 4096 ? '' : ` · ${writeBytes(capture.bufferKiB * 1024)}`}
        </>
      }
    >
      {() => (
        <div className="capture-options">
          <label className="check">
            <input
              type="checkbox"
              checked={capture.stackTraces}
              onChange={(event) => change({ stackTraces: event.target.checked })}
            />
            Kernel stack with each get and put
          </label>
          <p className="quiet">Says more of each reference, and makes the recording several times as large.</p>
          <label className="capture-buffer">
            Buffer of each CPU
            <select value={capture.bufferKiB} onChange={(event) => change({ bufferKiB: Number(event.target.value) })}>
              {sizes.map((size) => (
                <option key={size} value={size}>
                  {writeBytes(size * 1024)}
                </option>
              ))}
            </select>
          </label>
          <p className="quiet">
            The kernel’s memory for events that nobody has read yet. A larger one loses less in a storm.
          </p>
        </div>
      )}
    </PopUp>
  );
}
