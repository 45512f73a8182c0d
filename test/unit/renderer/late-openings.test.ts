import { beforeEach, expect, test, vi } from 'vitest';
import { createEngine } from '../../../renderer/ingest/engine.ts';
import type { ConnectedRecording, OpenOutcome } from '../../../renderer/ingest/open-recording.ts';
import { openFile } from '../../../renderer/open/open-from.ts';
import { showConnected } from '../../../renderer/open/open-source.ts';
import { takePlace } from '../../../renderer/open/take-place.ts';
import { openForSession } from '../../../renderer/session/open-session.ts';
import { boundsOf } from '../../../renderer/state/bounds-of.ts';
import { useStore } from '../../../renderer/state/store.ts';
import type { Session } from '../../../shared/session/session.ts';
import { fixtureBytes } from '../../support/read-fixture.ts';

// What is remembered of the page, of which there is none here.
vi.hoisted(() => vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => {} })));
vi.mock('../../../renderer/state/activity.ts', () => ({ beginWork: () => () => {}, markChanged: () => {} }));

/** What comes of the next text that is opened: nothing here starts a worker. */
const opened = vi.hoisted(() => ({ next: undefined as unknown }));
vi.mock('../../../renderer/ingest/open-recording.ts', async (original) => ({
  ...(await original<object>()),
  openRecording: async () => opened.next,
}));

beforeEach(() => {
  useStore.getState().closeRecording();
  useStore.setState({ opening: undefined, problem: undefined, wanted: undefined });
});

const origin = { ticket: undefined, file: undefined };

/** A recording of 26 events that is read, and not accounted for yet; its first answer waits for `until`. */
async function readLong(name: string, until: Promise<void> = Promise.resolve()) {
  const engine = createEngine({ shownAtOnce: 10 });
  engine.push(fixtureBytes('recordings/seeds/vkms-held-by-logind.report.txt'));
  const shown = await engine.finishAhead(name);
  if (!shown.ok) throw new Error(shown.problem.what);
  const close = vi.fn();
  const recording = {
    summary: shown.summary,
    engine: { modulesAt: (at: number) => until.then(() => engine.ask('modulesAt', [at])) },
    died: new Promise<never>(() => {}),
    close,
  } as unknown as ConnectedRecording;
  return { engine, recording, close };
}

function gate() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

const nameOfShown = () => useStore.getState().recording?.summary.name;

test('a recording whose first answer comes late does not take the place of one that was opened after it', async () => {
  const slow = gate();
  const late = await readLong('late.txt', slow.passed);
  const quick = await readLong('quick.txt');
  const showing = showConnected(late.recording, origin, takePlace());
  expect(await showConnected(quick.recording, origin, takePlace())).toEqual({ arranged: false });
  slow.open();
  expect(await showing).toBeUndefined();
  expect(nameOfShown()).toBe('quick.txt');
  // Its worker is not kept for nobody.
  expect(late.close).toHaveBeenCalledOnce();
  expect(quick.close).not.toHaveBeenCalled();
});

test('an opening that is cancelled when it is nearly there shows nothing', async () => {
  const slow = gate();
  const { recording, close } = await readLong('cancelled.txt', slow.passed);
  opened.next = { kind: 'opened', recording, conclude: undefined } satisfies OpenOutcome;
  const opening = openFile(new File(['x'], 'cancelled.txt'));
  await vi.waitFor(() => expect(useStore.getState().opening).toBeDefined());
  useStore.getState().opening?.cancel();
  slow.open();
  await opening;
  expect(nameOfShown()).toBeUndefined();
  expect(close).toHaveBeenCalledOnce();
});

test('a session’s view is there as soon as its recording is, and what the person does while that is accounted for stays', async () => {
  const accounting = gate();
  const { engine, recording } = await readLong('long.txt');
  const { start, end } = boundsOf(recording.summary);
  opened.next = {
    kind: 'opened',
    recording,
    conclude: (selected) => accounting.passed.then(() => engine.conclude(selected)),
  } satisfies OpenOutcome;
  const session: Session = {
    recording: { name: 'long.txt', path: undefined, sha256: undefined },
    view: { window: undefined, cursor: start, module: 'drm', order: [], pinned: ['drm'], hidden: [] },
    filter: 'drm',
    markers: { a: start, b: end },
    notes: [{ time: start, text: 'here' }],
  };
  useStore.setState({ wanted: { session, path: undefined } });
  const opening = openForSession(new File(['x'], 'long.txt'));
  await vi.waitFor(() => expect(useStore.getState()).toMatchObject({ opening: { shown: true } }));
  expect(useStore.getState()).toMatchObject({
    module: 'drm',
    cursor: start,
    filterText: 'drm',
    markers: { a: start, b: end },
    recording: { summary: { accounted: { events: 0 } } },
  });
  useStore.getState().selectModule('vkms');
  useStore.getState().moveCursor(end);
  useStore.getState().filterEvents('vkms');
  accounting.open();
  await opening;
  expect(useStore.getState()).toMatchObject({
    module: 'vkms',
    cursor: end,
    filterText: 'vkms',
    markers: { a: start, b: end },
    recording: { summary: { accounted: { events: 26 } } },
    opening: undefined,
  });
});

test('a recording that there was no memory to account for is accounted for when somebody tries again', async () => {
  const { engine, recording } = await readLong('long.txt');
  const problem = { what: 'The recording is too large.', why: 'No memory.', remedy: 'Close something.' };
  let times = 0;
  opened.next = {
    kind: 'opened',
    recording,
    conclude: async (selected) => (times++ === 0 ? { ok: false, problem } : engine.conclude(selected)),
  } satisfies OpenOutcome;
  await openFile(new File(['x'], 'long.txt'));
  const { tryAgain, opening } = useStore.getState();
  expect(useStore.getState()).toMatchObject({
    problem: {
      what: 'Who holds what could not be worked out.',
      why: 'The recording is too large. Its events and refcounts are shown all the same.',
    },
    recording: { summary: { accounted: { events: 0 } } },
  });
  expect(opening).toBeUndefined();
  useStore.getState().showProblem(undefined);
  tryAgain?.();
  expect(useStore.getState().opening).toMatchObject({ name: 'long.txt', shown: true, analysing: true });
  await vi.waitFor(() => expect(useStore.getState().opening).toBeUndefined());
  expect(useStore.getState()).toMatchObject({
    problem: undefined,
    tryAgain: undefined,
    recording: { summary: { accounted: { events: 26 } } },
  });
  expect(useStore.getState().module).toBe('vkms');
});

test('a session’s view is not laid over a recording that was opened while the one it is of was being shown', async () => {
  const buffer = gate();
  const late = await readLong('late.txt');
  const quick = await readLong('quick.txt');
  const session: Session = {
    recording: { name: 'late.txt', path: undefined, sha256: undefined },
    view: { window: undefined, cursor: undefined, module: 'drm', order: [], pinned: [], hidden: [], buffer: 'other' },
    filter: 'drm',
    markers: { a: undefined, b: undefined },
    notes: [],
  };
  const summary = { ...late.recording.summary, buffers: ['', 'other'] };
  // Another of its trace buffers takes its time to be accounted for.
  const chooseBuffer = () => buffer.passed.then(() => summary);
  opened.next = { kind: 'opened', recording: { ...late.recording, summary, chooseBuffer }, conclude: undefined };
  useStore.setState({ wanted: { session, path: undefined } });
  const opening = openForSession(new File(['x'], 'late.txt'));
  await vi.waitFor(() => expect(nameOfShown()).toBe('late.txt'));
  await showConnected(quick.recording, origin, takePlace());
  useStore.getState().selectModule('vkms');
  buffer.open();
  await opening;
  expect(useStore.getState()).toMatchObject({
    module: 'vkms',
    filterText: '',
    recording: { summary: { name: 'quick.txt' } },
  });
});
