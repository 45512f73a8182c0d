import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { createEngine, type ReadProgress } from '../../../renderer/ingest/engine.ts';
import { openRecording, type TraceSource } from '../../../renderer/ingest/open-recording.ts';
import { EVERYTHING } from '../../../shared/view-model/selection.ts';
import { createHost } from '../../support/engine-host.ts';
import { fixtureBytes } from '../../support/read-fixture.ts';

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const recording of opened.splice(0)) recording.close();
});

async function open(source: TraceSource, { signal = new AbortController().signal, setUp = createHost() } = {}) {
  const progress: ReadProgress[] = [];
  const outcome = await openRecording(source, {
    onProgress: (step) => progress.push(step),
    signal,
    spawn: () => setUp.host,
  });
  if (outcome.kind === 'opened') opened.push(outcome.recording);
  return { outcome, progress, setUp };
}

const seed = fixtureBytes('recordings/seeds/vkms-held-by-logind.report.txt');

function streamOf(bytes: Uint8Array, chunkBytes: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull: (controller) => {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + chunkBytes));
      at += chunkBytes;
    },
  });
}

describe('opening a recording', () => {
  test('reads a file inside the worker and answers for it', async () => {
    const { outcome, progress } = await open({ name: 'vkms', content: new Blob([new Uint8Array(seed)]) });
    if (outcome.kind !== 'opened') throw new Error(outcome.kind);
    const { summary, engine } = outcome.recording;
    expect(summary).toMatchObject({ name: 'vkms', events: 26, lostEvents: 0 });
    const vkms = await engine.accountingAt('vkms', summary.end);
    expect(vkms.holders.map(({ name, pid }) => `${name}-${pid}`)).toEqual(['systemd-logind-545']);
    expect(progress.at(-1)).toMatchObject({ bytes: seed.length, phase: 'analysing' });
  });

  test('reads a stream to the same answer, whatever its chunks', async () => {
    const whole = await open({ name: 'vkms', content: new Blob([new Uint8Array(seed)]) });
    for (const chunkBytes of [7, 1000, 100_000]) {
      const parts = await open({ name: 'vkms', content: streamOf(seed, chunkBytes) });
      if (whole.outcome.kind !== 'opened' || parts.outcome.kind !== 'opened') throw new Error('not opened');
      expect(parts.outcome.recording.summary).toEqual(whole.outcome.recording.summary);
      expect(parts.setUp.chunks()).toBe(Math.ceil(seed.length / chunkBytes));
    }
  });

  test('does not take away a buffer that others look into', async () => {
    const shared = new Uint8Array(seed.length + 100);
    shared.set(seed, 100);
    const content = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(shared.subarray(100));
        controller.close();
      },
    });
    expect((await open({ name: 'vkms', content })).outcome.kind).toBe('opened');
    expect(shared.byteLength).toBe(seed.length + 100);
  });

  test('never runs far ahead of what the worker has taken', async () => {
    let given = 0;
    let furthest = 0;
    const setUp = createHost();
    const content = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          furthest = Math.max(furthest, given - setUp.chunks());
          if (given === 200) return controller.close();
          given++;
          controller.enqueue(new TextEncoder().encode('# nothing\n'));
        },
      },
      { highWaterMark: 0 },
    );
    await open({ name: 'nothing', content }, { setUp });
    expect(given).toBe(200);
    expect(furthest).toBeLessThanOrEqual(5);
  });

  test('tells of a text that is none, as a problem, and ends the worker', async () => {
    const dat = new Uint8Array(readFileSync(new URL('../../fixtures/recordings/testmod/trace.dat', import.meta.url)));
    for (const content of [new Blob([dat]), streamOf(dat, 50_000)]) {
      const { outcome, setUp } = await open({ name: 'trace.dat', content });
      expect(outcome).toMatchObject({
        kind: 'failed',
        problem: { remedy: expect.stringContaining('trace-cmd report') },
      });
      expect(setUp.ended()).toBe(true);
    }
  });

  test('tells why a stream broke in the middle', async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new DOMException('the disk is gone', 'NotReadableError')),
    });
    expect((await open({ name: 'broken', content: broken })).outcome).toMatchObject({
      kind: 'failed',
      problem: { why: 'the disk is gone' },
    });
  });

  test('can be cancelled at any moment: the worker is ended and the source let go', async () => {
    const cancel = new AbortController();
    let letGo = false;
    const content = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        controller.enqueue(seed.slice(0, 100));
        cancel.abort();
      },
      cancel: () => {
        letGo = true;
      },
    });
    const { outcome, setUp } = await open({ name: 'vkms', content }, { signal: cancel.signal });
    expect(outcome.kind).toBe('cancelled');
    expect(setUp.ended()).toBe(true);
    await expect.poll(() => letGo).toBe(true);
  });

  test('lets the source go also where it is cancelled before its worker answers anything', async () => {
    const { host } = createHost();
    const silent = { ...host, postMessage: () => {} };
    const letGo = { stream: false, grant: false };
    const stream = new ReadableStream<Uint8Array>({
      cancel: () => {
        letGo.stream = true;
      },
    });
    const grant = {
      grant: 'A'.repeat(43),
      explain: () => Promise.reject(new Error('nobody asks')),
      letGo: () => {
        letGo.grant = true;
      },
    };
    for (const content of [stream, grant]) {
      const cancel = new AbortController();
      const opening = openRecording(
        { name: 'vkms', content, bytes: 100 },
        { onProgress: () => {}, signal: cancel.signal, spawn: () => silent },
      );
      cancel.abort();
      expect((await opening).kind).toBe('cancelled');
    }
    await expect.poll(() => letGo).toEqual({ stream: true, grant: true });
  });

  test('tells of a worker that died, while reading and later', async () => {
    const dying = createHost();
    const endless = new ReadableStream<Uint8Array>({ pull: () => void dying.die() });
    expect((await open({ name: 'vkms', content: endless }, { setUp: dying })).outcome).toMatchObject({
      kind: 'failed',
      problem: { why: expect.stringContaining('memory') },
    });

    const later = createHost();
    const { outcome } = await open({ name: 'vkms', content: new Blob([new Uint8Array(seed)]) }, { setUp: later });
    if (outcome.kind !== 'opened') throw new Error(outcome.kind);
    const { engine, died } = outcome.recording;
    later.die();
    expect((await died).what).toContain('too large');
    await expect(engine.overview(10, { text: '', modules: [] })).rejects.toThrow('memory');
  });

  test('lets the host say why what it granted did not come, and lets go of what came', async () => {
    const reason = { what: 'a', why: 'b', remedy: 'c' };
    const told: string[] = [];
    const content = {
      grant: 'A'.repeat(43),
      explain: async () => {
        told.push('asked');
        return reason;
      },
      letGo: () => void told.push('let go'),
    };
    // Nothing here answers GETs: the address is no whole one.
    expect((await open({ name: 'granted', content })).outcome).toEqual({ kind: 'failed', problem: reason });
    expect(told).toEqual(['asked', 'let go']);
  });
});

describe('a long recording', () => {
  const source: TraceSource = { name: 'vkms', content: new Blob([new Uint8Array(seed)]) };

  test('is shown before it is accounted for, and says so', async () => {
    const { outcome } = await open(source, { setUp: createHost({ shownAtOnce: 10 }) });
    if (outcome.kind !== 'opened' || outcome.conclude === undefined) throw new Error('nothing is left to do');
    const { summary, engine } = outcome.recording;
    expect(summary).toMatchObject({ events: 26, accounted: { events: 0 } });
    expect((await engine.accountingAt('vkms', summary.end)).arithmetic).toMatch('not accounted for yet');
    const tracks = { modules: ['vkms'], from: 0, to: summary.end, width: 1000, maxLanes: 8 };
    const [before] = await engine.tracks(tracks);
    const [row] = await engine.eventRows({ text: 'get vkms', modules: [] }, 0, 1);
    expect(row).toMatchObject({ module: 'vkms' });

    const done = await outcome.conclude({ row: row!.row });
    const whole = await open(source);
    if (whole.outcome.kind !== 'opened' || !done.ok) throw new Error('not opened');
    expect(whole.outcome.conclude).toBeUndefined();
    const expected = whole.outcome.recording;
    expect(done.selected).toEqual({ row: row!.row });
    expect(done.summary).toEqual(expected.summary);
    expect(await engine.accountingAt('vkms', summary.end)).toEqual(
      await expected.engine.accountingAt('vkms', summary.end),
    );
    const [after] = await engine.tracks(tracks);
    expect([after]).toEqual(await expected.engine.tracks(tracks));
    expect(before!.steps).toEqual(after!.steps);
    expect(before!.spans).not.toEqual(after!.spans);
  });

  test('is written to a file only when it is accounted for', async () => {
    const engine = createEngine({ shownAtOnce: 10 });
    engine.push(seed);
    await engine.finishAhead('vkms');
    const made = engine.makeExport({ kind: 'holds', form: 'csv', selection: EVERYTHING }, () => {});
    await engine.conclude({});
    expect(await (await made)?.text()).toContain('systemd-logind');
  });
});
