import { proxy, type Remote, transfer, wrap } from 'comlink';
import type { Problem } from '../../shared/problem.ts';
import type { RecordingSummary } from '../../shared/view-model/recording-view.ts';
import { type GrantedBytes, TraceBroken } from '../connect/read-offered-trace.ts';
import type { RecordingEngine } from '../state/recording-engine.ts';
import { connectEngine } from './connect-engine.ts';
import { type ConnectedPresent, connectPresent } from './connect-present.ts';
import { describeFailure, outOfMemory } from './describe-failure.ts';
import { endWith } from './end-with.ts';
import type { Engine, EngineOutcome, ReadProgress, ReadStep } from './engine.ts';
import type { ExportJob } from './export-job.ts';
import type { Selected } from './keep-selected.ts';

/** A text to read: a file that the browser holds, or bytes that somebody sends, or grants. */
export interface TraceSource {
  readonly name: string;
  readonly content: Blob | ReadableStream<Uint8Array> | GrantedBytes;
  /** How many bytes a stream or a grant will give, as far as anybody knows. */
  readonly bytes?: number | undefined;
}

export interface OpenOptions {
  readonly onProgress: (progress: ReadProgress) => void;
  /** Ends the opening at once, whatever the worker is doing. */
  readonly signal: AbortSignal;
  /** Where the engine runs; a Web Worker unless said otherwise. */
  readonly spawn?: () => EngineHost;
}

/** The four members of a Worker that are used. */
export interface EngineHost
  extends Pick<Worker, 'postMessage' | 'addEventListener' | 'removeEventListener' | 'terminate'> {}

/** A recording, read completely or as far as it has come. */
export interface ConnectedRecording {
  readonly summary: RecordingSummary;
  readonly engine: RecordingEngine;
  /** Has the engine answer for another trace buffer from now on. */
  chooseBuffer(buffer: string): Promise<RecordingSummary>;
  /** Makes a file of the recording; undefined when the signal stopped it. */
  makeExport(job: ExportJob, onProgress: (bytes: number) => void, signal: AbortSignal): Promise<Blob | undefined>;
  /** The part of its worker that knows the running system, for a recording of that. */
  readonly present: ConnectedPresent;
  /** Settles only if the worker dies under the recording. */
  readonly died: Promise<Problem>;
  /** Ends the worker and frees the recording. */
  close(): void;
}

/** Accounts for a recording that is shown already, and finds again what was selected. */
export type Conclude = (selected: Selected) => Promise<EngineOutcome>;

export type OpenOutcome =
  | {
      readonly kind: 'opened';
      readonly recording: ConnectedRecording;
      /** What is left to do where the recording is large, and can be shown meanwhile. */
      readonly conclude: Conclude | undefined;
    }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'cancelled' };

/** Chunks on their way to the worker that it has not acknowledged; enough to keep it busy. */
export const CHUNKS_UNDER_WAY = 4;
const PROGRESS_EVERY_MS = 100;

/**
 * Reads a text in a worker of its own. The recording that was open before is untouched until the caller closes it, so
 * a failed or cancelled opening changes nothing.
 *
 * Errors: an expected failure is a Problem; a programming error in the worker rejects.
 */
export async function openRecording(source: TraceSource, options: OpenOptions): Promise<OpenOutcome> {
  const host = (options.spawn ?? spawnWorker)();
  const engine = wrap<Engine>(host);
  const died = deathOf(host);
  const cancelled = new Promise<OpenOutcome>((resolve) => {
    const cancel = () => resolve({ kind: 'cancelled' });
    if (options.signal.aborted) cancel();
    else options.signal.addEventListener('abort', cancel, { once: true });
  });

  const letGo = new AbortController();
  let opened = false;
  try {
    const outcome = await Promise.race([
      read(source, engine, died, host, throttled(options.onProgress), letGo.signal),
      died.then((problem): OpenOutcome => ({ kind: 'failed', problem })),
      cancelled,
    ]);
    opened = outcome.kind === 'opened';
    return outcome;
  } finally {
    if (!opened) {
      host.terminate();
      letGo.abort();
      letSourceGo(source);
    }
  }
}

/** Tells whoever sends or granted a text that nobody reads it, or goes on reading it. */
export function letSourceGo({ content }: TraceSource): void {
  // A stream that is being read is locked, and let go by who reads it.
  if (content instanceof ReadableStream) void content.cancel().catch(ignore);
  else if (!(content instanceof Blob)) content.letGo();
}

async function read(
  { name, content, bytes }: TraceSource,
  engine: Remote<Engine>,
  died: Promise<Problem>,
  host: EngineHost,
  onProgress: (progress: ReadProgress) => void,
  letGo: AbortSignal,
): Promise<OpenOutcome> {
  if (bytes !== undefined) await engine.expect(bytes);
  const { progress, problem } =
    content instanceof ReadableStream
      ? await pushStream(content, engine, onProgress, letGo)
      : content instanceof Blob
        ? await engine.readBlob(content, proxy(onProgress))
        : await readGranted(content, bytes ?? 0, engine, onProgress);
  if (problem !== undefined) return { kind: 'failed', problem };
  onProgress({ ...progress, phase: 'analysing' });
  const outcome = await engine.finishAhead(name);
  if (!outcome.ok) return { kind: 'failed', problem: outcome.problem };
  const { summary } = outcome;
  const untilDeath = endWith(died);
  return {
    kind: 'opened',
    recording: connectRecording(summary, engine, died, host),
    conclude:
      summary.accounted.events < summary.events
        ? (selected) => untilDeath<EngineOutcome>(engine.conclude(selected))
        : undefined,
  };
}

/** The window's side of a recording that an engine holds. */
export function connectRecording(
  summary: RecordingSummary,
  engine: Remote<Engine>,
  died: Promise<Problem>,
  host: EngineHost,
): ConnectedRecording {
  return {
    summary,
    engine: connectEngine(engine, died),
    chooseBuffer: (buffer: string) => engine.chooseBuffer(buffer),
    makeExport: async (job: ExportJob, onProgress: (bytes: number) => void, signal: AbortSignal) => {
      const stop = () => void engine.stopExport();
      signal.addEventListener('abort', stop, { once: true });
      try {
        return await engine.makeExport(job, proxy(onProgress));
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
    present: connectPresent(engine, died),
    died,
    close: () => host.terminate(),
  };
}

/** Has the worker fetch the bytes itself. */
async function readGranted(
  { grant, explain, letGo }: GrantedBytes,
  bytes: number,
  engine: Remote<Engine>,
  onProgress: (progress: ReadProgress) => void,
): Promise<ReadStep> {
  const step = await engine.readGranted(grant, proxy(onProgress));
  // The host promised so many: fewer are not the whole, however they ended.
  const isShort = step.problem === undefined && step.progress.bytes < bytes;
  if (step.broken === true || isShort) return { ...step, problem: await explain() };
  letGo();
  return step;
}

/** Hands the stream's chunks to the worker, never more than a few ahead of its acknowledgements. */
async function pushStream(
  stream: ReadableStream<Uint8Array>,
  engine: Remote<Engine>,
  onProgress: (progress: ReadProgress) => void,
  letGo: AbortSignal,
): Promise<ReadStep> {
  const reader = stream.getReader();
  // A worker that was ended acknowledges nothing any more: whoever waits for that below waits for good.
  letGo.addEventListener('abort', () => void reader.cancel().catch(ignore), { once: true });
  const underWay: Promise<ReadStep>[] = [];
  let last: ReadStep = { progress: { bytes: 0, lines: 0, events: 0, phase: 'reading' }, problem: undefined };
  const acknowledge = async () => {
    last = await underWay.shift()!;
    onProgress(last.progress);
  };
  try {
    while (last.problem === undefined) {
      const { done, value } = await reader.read();
      if (done) break;
      // A view of a larger buffer is copied: a buffer that is transferred is gone for whoever else looks into it.
      const chunk = value.byteLength === value.buffer.byteLength ? value : value.slice();
      underWay.push(engine.push(transfer(chunk, [chunk.buffer])));
      if (underWay.length === CHUNKS_UNDER_WAY) await acknowledge();
    }
    while (last.problem === undefined && underWay.length > 0) await acknowledge();
    return last;
  } catch (error) {
    return { ...last, problem: error instanceof TraceBroken ? error.problem : describeFailure(error) };
  } finally {
    for (const push of underWay) push.catch(ignore);
    await reader.cancel().catch(ignore);
  }
}

function throttled(onProgress: (progress: ReadProgress) => void): (progress: ReadProgress) => void {
  let told = Number.NEGATIVE_INFINITY;
  let phase: ReadProgress['phase'] | undefined;
  return (progress) => {
    const now = performance.now();
    // What the worker told last may come behind the news that it is done with reading.
    if (phase === 'analysing') return;
    if (progress.phase === phase && now - told < PROGRESS_EVERY_MS) return;
    told = now;
    phase = progress.phase;
    onProgress(progress);
  };
}

/** Settles when the worker ends by itself. An error it has not caught reaches its host as an event and in no other way. */
export function deathOf(host: EngineHost): Promise<Problem> {
  return new Promise((resolve) => {
    host.addEventListener('error', (event) => {
      const why = 'message' in event ? String(event.message) : '';
      resolve(why === '' ? outOfMemory : { ...outOfMemory, what: 'The recording could not be read.', why });
    });
  });
}

function ignore(): void {}

/** Starts the worker of one recording. */
export function spawnWorker(): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'recording' });
}
