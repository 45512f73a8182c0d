import { expect, onTestFinished, test, vi } from 'vitest';
import { endWith } from '../../../renderer/ingest/end-with.ts';
import { createEngine } from '../../../renderer/ingest/engine.ts';
import type { ConnectedRecording } from '../../../renderer/ingest/open-recording.ts';
import { concludeOpening } from '../../../renderer/open/conclude-opening.ts';
import { boundsOf } from '../../../renderer/state/bounds-of.ts';
import { type OpenRecording, useStore } from '../../../renderer/state/store.ts';
import { fixtureBytes } from '../../support/read-fixture.ts';

// What is remembered of the page, of which there is none here.
vi.hoisted(() => vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => {} })));
vi.mock('../../../renderer/state/activity.ts', () => ({ beginWork: () => () => {}, markChanged: () => {} }));

const ignore = () => {};

/** A recording of 26 events that is shown, and not accounted for yet. */
async function showLong() {
  const engine = createEngine({ shownAtOnce: 10 });
  engine.push(fixtureBytes('recordings/seeds/vkms-held-by-logind.report.txt'));
  const shown = await engine.finishAhead('vkms');
  if (!shown.ok) throw new Error(shown.problem.what);
  const { summary } = shown;
  const answers = { modulesAt: async (at: number) => engine.ask('modulesAt', [at]) };
  const died = new Promise<never>(() => {});
  const recording = { summary, engine: answers, died } as unknown as ConnectedRecording & OpenRecording;
  const closed = new AbortController().signal;
  useStore.setState({ recording: { ...recording, id: 1, bounds: boundsOf(summary), closed } });
  useStore.getState().showProblem(undefined);
  return { engine, recording };
}

test('an event that somebody selects while a long recording is accounted for stays selected', async () => {
  const { engine, recording } = await showLong();
  await concludeOpening(
    recording,
    async (selected) => {
      useStore.setState({ row: 7 });
      return engine.conclude(selected);
    },
    true,
    ignore,
  );
  expect(useStore.getState().recording?.summary).toMatchObject({ accounted: { events: 26 } });
  expect(useStore.getState().row).toBe(7);
});

test('a fault of the accounting is told, and not taken for a recording that nobody wants any more', async () => {
  const printed = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => printed.mockRestore());
  const { recording } = await showLong();
  await concludeOpening(recording, () => Promise.reject(new TypeError('no such column')), true, ignore);
  expect(useStore.getState().problem).toMatchObject({ why: expect.stringContaining('no such column') });
});

test('of a worker that died, whoever shows its recording tells, and nobody else', async () => {
  const { recording } = await showLong();
  const died = Promise.resolve({ what: 'a', why: 'b', remedy: 'c' });
  const conclude = () => endWith(died)<never>(new Promise(() => {}));
  await concludeOpening({ ...recording, died }, conclude, true, ignore);
  expect(useStore.getState().problem).toBeUndefined();
});
