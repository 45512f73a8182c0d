import { expect, test, vi } from 'vitest';
import { type FoundSource, openSource } from '../../../renderer/open/open-source.ts';
import { useStore } from '../../../renderer/state/store.ts';

// What is remembered of the page, of which there is none here.
vi.hoisted(() => vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => {} })));
vi.mock('../../../renderer/state/activity.ts', () => ({ beginWork: () => () => {}, markChanged: () => {} }));

test('what the host has opened is let go where the opening was cancelled before the host answered', async () => {
  const cancelled = vi.fn();
  const letGo = vi.fn();
  const contents = [
    new ReadableStream<Uint8Array>({ cancel: cancelled }),
    { grant: 'A'.repeat(43), explain: () => Promise.reject(new Error('nobody asks')), letGo },
  ];
  for (const content of contents) {
    let answer: (found: FoundSource) => void = () => {};
    const found = new Promise<FoundSource>((resolve) => {
      answer = resolve;
    });
    const opening = openSource('a.txt', { ticket: undefined, file: undefined }, () => found);
    useStore.getState().opening?.cancel();
    answer({ ok: true, source: { name: 'a.txt', content }, bytes: undefined });
    await opening;
    expect(useStore.getState()).toMatchObject({ opening: undefined, recording: undefined });
  }
  expect(cancelled).toHaveBeenCalledOnce();
  expect(letGo).toHaveBeenCalledOnce();
});
