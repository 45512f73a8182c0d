import type { CaptureState, Preflight } from '../../shared/ipc/capture-contract.ts';
import type { HostClient } from '../../shared/ipc/client.ts';
import type { Input } from '../../shared/ipc/contract.ts';
import type { Problem } from '../../shared/problem.ts';
import { beginWork } from '../state/activity.ts';
import { isRecording } from '../state/capture-slice.ts';
import { reportFault } from '../state/report-fault.ts';
import { useStore } from '../state/store.ts';
import { askInTerminal } from './ask-in-terminal.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { showCapture } from './show-capture.ts';

/** Asks the host something about recordings; faults are told. */
export async function withHost<T>(ask: (host: HostClient) => Promise<T>): Promise<T | undefined> {
  const { host } = useStore.getState();
  if (host === undefined) return undefined;
  const ended = beginWork();
  try {
    return await ask(host);
  } catch (fault) {
    reportFault(fault);
    return undefined;
  } finally {
    ended();
  }
}

/** How often this window changes at the moment what the host has; the answers say what came of it. */
let changing = 0;
/** The recording that this window began, or found when it was loaded: it is shown as soon as it runs. */
let own: number | undefined;

/** Asks the host for what changes its recording, of which the other windows are told. */
export async function changeCapture<T>(ask: (host: HostClient) => Promise<T>): Promise<T | undefined> {
  changing += 1;
  try {
    return await withHost(ask);
  } finally {
    changing -= 1;
    void catchUp();
  }
}

/** What another window did meanwhile was not heard. */
async function catchUp(): Promise<void> {
  const state = await withHost((host) => host.request('capture.running', null));
  if (state !== undefined && state?.capture !== useStore.getState().capture?.capture) takeOver(state);
}

/** Another window began a recording, or put one away. */
function hearChange(state: CaptureState | null): void {
  if (changing > 0) return;
  const { capture: before, sayOfCapture } = useStore.getState();
  takeOver(state);
  if (before !== undefined && state === null) sayOfCapture('good', putAwayElsewhere);
}

/** Speaks of another recording from now on. What is on the screen stays there. */
function takeOver(state: CaptureState | null): void {
  if (changing > 0) return;
  const { capture: before, recording, showCapture: show } = useStore.getState();
  if (before !== undefined && before.capture === recording?.capture && before.capture !== state?.capture) {
    const { capture: _, ...shown } = recording;
    useStore.setState({ recording: shown });
  }
  show(state ?? undefined);
  void refreshLeft();
}

/** Takes up what the host records already, and listens to what comes. Returns whether there is something to be shown. */
export async function meetCaptures(host: HostClient): Promise<boolean> {
  host.on('capture.progress', ({ capture, progress }) => {
    const { hearProgress, capture: before } = useStore.getState();
    hearProgress(capture, progress);
    const begins = before?.progress.state === 'authorising' && progress.state === 'recording';
    if (begins && capture === own) void showCapture();
  });
  host.on('capture.notice', ({ capture, notice }) => useStore.getState().hearNotice(capture, notice));
  host.on('capture.ended', ({ capture, progress, ended }) => {
    useStore.getState().hearEnd(capture, progress, ended);
    void refreshLeft();
  });
  host.on('capture.changed', ({ state }) => hearChange(state));
  const [preflight] = await Promise.all([host.request('capture.preflight', null), refreshLeft()]);
  const { showCapture: show, showPreflight } = useStore.getState();
  showPreflight(preflight);
  // Last, and used at once: another window may change it at any time.
  const running = await host.request('capture.running', null);
  if (running === null) return false;
  own = running.capture;
  show(running);
  return running.progress.state !== 'authorising';
}

/** Looks again what stands in the way of a recording. */
export async function lookAhead(): Promise<Preflight | undefined> {
  const preflight = await withHost((host) => host.request('capture.preflight', null));
  if (preflight !== undefined) useStore.getState().showPreflight(preflight);
  return preflight;
}

/** Starts a recording with the chosen options, unless something is surely in the way: then that is shown. */
export const startRecording = oneAtATime(async () => {
  if (isRecording(useStore.getState())) return;
  const preflight = await lookAhead();
  if (preflight === undefined) return;
  const { openPreflight, settings } = useStore.getState();
  if (preflight.way === null || preflight.checks.some(({ blocks }) => blocks)) return openPreflight(true);
  openPreflight(false);
  const agent = preflight.asks === 'terminal' ? await askInTerminal() : undefined;
  if (agent !== undefined && 'problem' in agent) {
    const { what, why, remedy } = agent.problem;
    return useStore
      .getState()
      .sayOfCapture('bad', { what, why, remedy: `${remedy} Or record by hand: \`${preflight.byHand}\`` });
  }
  const started = await changeCapture((host) => host.request('capture.start', sensible(settings.capture)));
  if (started?.ok === true) {
    own = started.state.capture;
    useStore.getState().showCapture(started.state);
    void untilAllowed().then(agent?.close);
  } else agent?.close();
  if (started?.ok === false) {
    // The host has another one than this window knows of, or made room for one that did not begin.
    const running = await withHost((host) => host.request('capture.running', null));
    if (running !== undefined) useStore.getState().showCapture(running ?? undefined);
    useStore.getState().sayOfCapture('bad', started.problem);
  }
  void refreshLeft();
});

/** All modules but none are all modules: the choice is remembered for the next name. */
function sensible(wanted: Input<'capture.start'>): Input<'capture.start'> {
  return wanted.modules.names.length > 0 ? wanted : { ...wanted, modules: { which: 'only', names: [] } };
}

/** Waits until nobody is asked for a password any more, however that went. */
function untilAllowed(): Promise<void> {
  return new Promise((resolve) => {
    const isAsked = () => useStore.getState().capture?.progress.state === 'authorising';
    if (!isAsked()) return resolve();
    const stop = useStore.subscribe(() => {
      if (isAsked()) return;
      stop();
      resolve();
    });
  });
}

/** Ends the recording cleanly; one that nobody has allowed yet is called off. */
export async function stopRecording(): Promise<void> {
  const { capture } = useStore.getState();
  if (capture === undefined) return;
  await withHost((host) => host.request('capture.stop', { capture: capture.capture }));
}

/** Stops what is being recorded, or starts recording. */
export function toggleRecording(): Promise<void> {
  return isRecording(useStore.getState()) ? stopRecording() : startRecording();
}

/** Which recordings wait for somebody to keep or discard them. */
export async function refreshLeft(): Promise<void> {
  const left = await withHost((host) => host.request('capture.left', null));
  if (left !== undefined) useStore.getState().showLeft(left);
}

/** Takes over a recording that was left, and shows it. */
export async function keepLeft(left: string): Promise<void> {
  const kept = await changeCapture((host) => host.request('capture.keep', { left }));
  if (kept === undefined) return;
  if (!kept.ok) return useStore.getState().sayOfCapture('bad', kept.problem);
  useStore.getState().showCapture(kept.state);
  await Promise.all([refreshLeft(), showCapture()]);
}

/** Deletes a recording that was left. */
export async function discardLeft(left: string): Promise<void> {
  const done = await withHost((host) => host.request('capture.discardLeft', { left }));
  if (done?.ok === false) useStore.getState().sayOfCapture('bad', done.problem);
  await refreshLeft();
}

const putAwayElsewhere: Problem = {
  what: 'The recording was put away in another window.',
  why: 'It was saved or discarded there.',
  remedy: 'What this window shows of it stays until it shows something else.',
};
