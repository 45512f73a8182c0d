import { useStore } from '../state/store.ts';
import { CommandBlock } from '../widgets/copy-button.tsx';

const TRACE_CMD = `sudo trace-cmd record -e module
# do what you want to watch, then press Ctrl-C
sudo trace-cmd report > recording.txt`;

const TRACEFS = `cd /sys/kernel/tracing            # as root
mkdir instances/modshark
echo 1 > instances/modshark/events/module/enable
cat instances/modshark/trace_pipe > /tmp/recording.txt
# do what you want to watch, press Ctrl-C, then
rmdir instances/modshark`;

/** How to make a recording: here with a button, elsewhere with commands to be copied into a terminal. */
export function RecordingRecipes() {
  const hasHost = useStore((state) => state.host !== undefined);
  return (
    <section className="start-card" aria-labelledby="recipes-title">
      <h2 id="recipes-title">Make a recording</h2>
      {hasHost ? (
        <p>
          Press <strong>Record</strong> above, do what you want to watch, and read the answer.
        </p>
      ) : null}
      <h3>On another machine, with trace-cmd</h3>
      <CommandBlock commands={TRACE_CMD} label="Copy the trace-cmd commands" />
      <h3>On another machine, with nothing but the kernel</h3>
      <CommandBlock commands={TRACEFS} label="Copy the tracefs commands" />
      <p className="quiet">
        ModShark reads the text of <code>trace-cmd report</code>, <code>trace</code>, <code>trace_pipe</code> and{' '}
        <code>perf script</code>, gzipped too.
      </p>
    </section>
  );
}
