import { SlidersHorizontal } from 'lucide-react';
import { useStore } from '../state/store.ts';
import { PopUp } from '../widgets/pop-up.tsx';
import { writeBytes } from '../widgets/write-numbers.ts';

const BUFFERS_KIB = [256, 1024, 4096, 16_384, 65_536];
/** Nobody chose: what suits the machine. */
const SUITABLE = 'suitable';

/** What else can be chosen; it is remembered. */
export function CaptureOptions() {
  const capture = useStore((state) => state.settings.capture);
  const change = (part: Partial<typeof capture>) =>
    useStore.getState().changeSettings({ capture: { ...capture, ...part } });
  const suitable = useStore((state) => state.preflight?.bufferKiB);
  const { bufferKiB, ...rest } = capture;
  const sizes = [...new Set([...BUFFERS_KIB, ...(bufferKiB === undefined ? [] : [bufferKiB])])].sort((a, b) => a - b);
  const chooseSize = (value: string) =>
    useStore.getState().changeSettings({
      capture: value === SUITABLE ? rest : { ...rest, bufferKiB: Number(value) },
    });
  return (
    <PopUp
      title="Options of the recording"
      label={
        <>
          <SlidersHorizontal size={13} aria-hidden />
          Options
          {capture.stackTraces ? ' · stacks' : ''}
          {bufferKiB === undefined ? '' : ` · ${writeBytes(bufferKiB * 1024)}`}
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
            <select value={bufferKiB ?? SUITABLE} onChange={(event) => chooseSize(event.target.value)}>
              <option value={SUITABLE}>
                Automatic{suitable === undefined ? '' : ` (${writeBytes(suitable * 1024)})`}
              </option>
              {sizes.map((size) => (
                <option key={size} value={size}>
                  {writeBytes(size * 1024)}
                </option>
              ))}
            </select>
          </label>
          <p className="quiet">
            The kernel’s memory for events that nobody has read yet; the end gives it back. A larger one loses less in a
            storm. Automatic is up to 16 MiB, and for all CPUs together up to a 64th of the machine’s memory.
          </p>
        </div>
      )}
    </PopUp>
  );
}
