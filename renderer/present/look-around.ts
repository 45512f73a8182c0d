import { type HostClient, RequestFailure } from '../../shared/ipc/client.ts';
import type { SnapshotRefusal, SnapshotWay } from '../../shared/ipc/snapshot-contract.ts';
import type { Problem } from '../../shared/problem.ts';
import { followRefcounts } from '../../shared/view-model/follow-refcounts.ts';
import { TraceBroken, takeSnapshot } from '../connect/read-offered-trace.ts';
import { type ConnectedPresent, spawnPresent } from '../ingest/connect-present.ts';
import { sortPresent } from '../modules/sort-present.ts';
import { beginWork } from '../state/activity.ts';
import type { PresentSystem } from '../state/present-slice.ts';
import { reportFault } from '../state/report-fault.ts';
import { type OpenRecording, type State, useStore } from '../state/store.ts';

let looks = 0;
let underWay: Promise<void> | undefined;
let wanted: SnapshotWay | undefined;
let desk: ReturnType<typeof spawnPresent> | undefined;
/** The counts since the first look of this page, whichever worker reads the looks. */
let followed: Pick<PresentSystem, 'changes' | 'since'> | undefined;

/**
 * Looks at the running system once, and shows it. One look at a time: what is asked for meanwhile is one more look
 * after it. What was seen before stays on the screen until then.
 */
export function lookAround(way: SnapshotWay = useStore.getState().presentWay): Promise<void> {
  wanted = way === 'root' ? way : (wanted ?? way);
  underWay ??= lookInTurn().finally(() => {
    underWay = undefined;
  });
  return underWay;
}

/** Asks for the rights of an administrator, and looks again with them. */
export function lookAsRoot(): Promise<void> {
  useStore.setState({ rootRefusal: undefined });
  return lookAround('root');
}

/** Gives the rights of an administrator back; the next look as one asks again. */
export function stopBeingRoot(): void {
  const { presentWay, host } = useStore.getState();
  if (presentWay !== 'root') return;
  useStore.setState({ presentWay: 'user' });
  host?.request('snapshot.release', null).catch(reportFault);
}

/** The open recording if this host has made it, or makes it. One that a crash left may be of another start of the kernel. */
export function recordedHere({ recording, capture }: State): OpenRecording | undefined {
  const isOwn = recording?.capture !== undefined && recording.capture === capture?.capture;
  return isOwn && capture.request !== undefined ? recording : undefined;
}

async function lookInTurn(): Promise<void> {
  const ended = beginWork();
  try {
    while (wanted !== undefined) {
      const way = wanted;
      wanted = undefined;
      const { host } = useStore.getState();
      if (host === undefined) return;
      useStore.setState({ looking: way });
      await lookOnce(host, way);
    }
  } catch (fault) {
    if (fault instanceof RequestFailure && fault.reason === 'closed') useStore.setState({ lookProblem: hostGone });
    else reportFault(fault);
  } finally {
    useStore.setState({ looking: undefined });
    ended();
  }
}

async function lookOnce(host: HostClient, way: SnapshotWay): Promise<void> {
  const trace = await takeSnapshot(host, way);
  if (!trace.ok) return refuse(way, trace);
  const frames = await gather(trace.stream);
  if (!Array.isArray(frames)) return useStore.setState({ lookProblem: frames.problem });
  // What a recording of this system says belongs into the same worker: there the two are one answer.
  const merging = recordedHere(useStore.getState())?.present;
  const reader = merging ?? ownDesk();
  const outcome = await reader.read(frames, merging !== undefined);
  if (!outcome.ok) return useStore.setState({ lookProblem: outcome.problem });
  const { overview } = outcome;
  looks += 1;
  const seen = Date.now();
  followed = { since: followed?.since ?? seen, changes: followRefcounts(followed?.changes, overview.modules) };
  useStore.setState({
    present: {
      engine: reader.engine,
      look: looks,
      overview,
      ...followed,
      seen,
      merged: merging !== undefined,
    },
    presentWay: way,
    lookProblem: undefined,
    ...(way === 'root' ? { rootRefusal: undefined } : {}),
  });
  chooseFirst();
}

const hostGone: Problem = {
  what: 'The system could not be looked at.',
  why: 'The connection to ModShark’s host was lost.',
  remedy: 'Start ModShark again.',
};

/** Without the rights of root there is still what everybody may see; why they were refused is told beside it. */
function refuse(way: SnapshotWay, refusal: SnapshotRefusal): void {
  if (way === 'user') useStore.setState({ lookProblem: refusal.problem });
  else {
    useStore.setState({ presentWay: 'user', rootRefusal: refusal });
    wanted ??= 'user';
  }
}

/** The frames, whole; nothing is read in them here. */
async function gather(stream: ReadableStream<Uint8Array>): Promise<Uint8Array[] | TraceBroken> {
  const frames: Uint8Array[] = [];
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return frames;
      frames.push(value);
    }
  } catch (error) {
    if (error instanceof TraceBroken) return error;
    throw error;
  }
}

function ownDesk(): ConnectedPresent {
  if (desk !== undefined) return desk;
  const mine = spawnPresent();
  desk = mine;
  // The next look begins with another worker.
  void mine.died.then((problem) => {
    mine.close();
    if (desk === mine) desk = undefined;
    useStore.setState({ lookProblem: problem });
  });
  return mine;
}

/** Something is selected from the first look on: what is stuck the most. */
function chooseFirst(): void {
  const { module, moment, present, selectModule } = useStore.getState();
  if (moment !== 'now' || module !== undefined || present === undefined) return;
  const [first] = sortPresent(present.overview.modules, '', { key: 'stuck', descending: true });
  if (first !== undefined) selectModule(first.module);
}
