import { onTestFinished } from 'vitest';
import type { EngineOptions } from '../../renderer/ingest/engine.ts';
import { type GrowthOptions, type GrowthWatcher, growRecording } from '../../renderer/ingest/grow-recording.ts';
import type { Selected } from '../../renderer/ingest/keep-selected.ts';
import type { RecordingSummary } from '../../shared/view-model/recording-view.ts';
import { createHost } from './engine-host.ts';

type WatchedGrowthOptions = Omit<GrowthOptions, 'spawn'> & EngineOptions;

/** A text that the test writes, and what the window is told of it. */
export async function watchGrowth({ accountedAtOnce, ...options }: WatchedGrowthOptions = {}) {
  const setUp = createHost(accountedAtOnce === undefined ? {} : { accountedAtOnce });
  let writer!: ReadableStreamDefaultController<Uint8Array>;
  let cancelled = false;
  const content = new ReadableStream<Uint8Array>({
    start: (controller) => {
      writer = controller;
    },
    cancel: () => {
      cancelled = true;
    },
  });
  const window = { arrived: 0, looks: 0, work: 0, paused: false, selected: {} as Selected, behind: 0 };
  let summary: RecordingSummary | undefined;
  let settled = () => {};
  const watcher: GrowthWatcher = {
    onArrived: (events) => {
      window.arrived = events;
      settled();
    },
    onGrown: (grown, selected) => {
      summary = grown;
      if (grown.accounted.events < grown.events) window.behind++;
      window.looks++;
      window.selected = selected;
      settled();
    },
    beginWork: () => {
      window.work++;
      return () => {
        window.work--;
        settled();
      };
    },
    selected: () => window.selected,
    isPaused: () => window.paused,
  };
  const growing = await growRecording({ name: 'live', content }, watcher, { ...options, spawn: () => setUp.host });
  onTestFinished(() => growing.recording.close());
  const ended = growing.run();
  /** Waits for what the window is told, never for time. */
  const until = async (isSo: () => boolean) => {
    while (!isSo())
      await new Promise<void>((resolve) => {
        settled = resolve;
      });
  };
  return {
    window,
    growing,
    ended,
    setUp,
    until,
    summary: () => summary,
    write: (bytes: Uint8Array) => writer.enqueue(bytes.slice()),
    finish: () => writer.close(),
    fail: (error: unknown) => writer.error(error),
    isCancelled: () => cancelled,
    shows: (events: number) => until(() => summary?.events === events && window.work === 0),
  };
}
