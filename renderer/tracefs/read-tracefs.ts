import { describeTracefs } from '../../shared/tracefs/describe-tracefs.ts';
import { askInTerminal } from '../capture/ask-in-terminal.ts';
import { lookAhead, withHost } from '../capture/run-capture.ts';
import { useStore } from '../state/store.ts';

/** Has the host look into tracefs as root; somebody may be asked for a password. */
export async function readTracefs(): Promise<void> {
  if (useStore.getState().tracefsReading) return;
  useStore.setState({ tracefsReading: true });
  try {
    const preflight = await lookAhead();
    const agent = preflight?.asks === 'terminal' ? await askInTerminal() : undefined;
    if (agent !== undefined && 'problem' in agent) return useStore.setState({ tracefsProblem: agent.problem });
    const read = await withHost((host) => host.request('tracefs.read', null)).finally(agent?.close);
    if (read?.ok === false) useStore.setState({ tracefsProblem: read.problem });
    else if (read !== undefined) {
      const { facts, leftOut } = read;
      const tracefs = { description: describeTracefs(facts), leftOut, at: new Date() };
      useStore.setState({ tracefs, tracefsProblem: undefined });
    }
  } finally {
    useStore.setState({ tracefsReading: false });
  }
}
