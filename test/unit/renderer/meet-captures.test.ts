import { expect, test, vi } from 'vitest';
import { discardCapture } from '../../../renderer/capture/put-away.ts';
import { meetCaptures } from '../../../renderer/capture/run-capture.ts';
import { useStore } from '../../../renderer/state/store.ts';
import type { CaptureState } from '../../../shared/ipc/capture-contract.ts';
import { createClient } from '../../../shared/ipc/client.ts';
import { createServer, type Handlers } from '../../../shared/ipc/server.ts';
import { pairTransports } from '../../support/pair-transports.ts';

// What is remembered of the page, of which there is none here.
vi.hoisted(() => vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => {} })));
vi.mock('../../../renderer/state/activity.ts', () => ({ beginWork: () => () => {}, markChanged: () => {} }));

const ended: CaptureState = {
  capture: 1,
  name: '1.txt',
  progress: { state: 'ended', bytes: 1, events: 1, rate: 0, lost: 0, waiting: 0, erasures: 0, milliseconds: 1 },
  notices: [],
  ended: { end: 'stopped', kept: true },
  saved: false,
};

test('a recording that another window puts away while this one is loaded is not shown here as if it were there', async () => {
  let running: CaptureState | null = ended;
  const [page, host] = pairTransports();
  const server = createServer(host, {
    'capture.running': async () => running,
    'capture.left': async () => [],
    'capture.preflight': async () => {
      // Whatever else was asked is answered first, and something happens meanwhile.
      await new Promise((resolve) => setImmediate(resolve));
      running = null;
      server.emit('capture.changed', { state: null });
      return { way: null, asks: 'nobody', checks: [], byHand: '', bufferKiB: 4096 };
    },
  } as Partial<Handlers> as Handlers);
  const client = createClient(page);
  useStore.setState({ host: client });
  expect(await meetCaptures(client)).toBe(false);
  expect(useStore.getState().capture).toBeUndefined();
});

test('a recording that another window begins while this one discards the last is heard of', async () => {
  let running: CaptureState | null = ended;
  const { ended: _, ...next } = { ...ended, capture: 2, name: '2.txt' };
  const [page, host] = pairTransports();
  const server = createServer(host, {
    'capture.running': async () => running,
    'capture.left': async () => [],
    'capture.preflight': async () => ({ way: null, asks: 'nobody', checks: [], byHand: '', bufferKiB: 4096 }),
    'capture.discard': async () => {
      server.emit('capture.changed', { state: null });
      running = next;
      server.emit('capture.changed', { state: running });
      return { ok: true };
    },
  } as Partial<Handlers> as Handlers);
  const client = createClient(page);
  useStore.setState({ host: client, captureMessages: [] });
  await meetCaptures(client);
  await discardCapture();
  await expect.poll(() => useStore.getState().capture).toMatchObject({ capture: 2, name: '2.txt' });
  expect(useStore.getState().captureMessages).toEqual([]);
});
