import { type Remote, transfer, wrap } from 'comlink';
import type { Problem } from '../../shared/problem.ts';
import type { RecordingSummary } from '../../shared/view-model/recording-view.ts';
import { TraceBroken } from '../connect/read-offered-trace.ts';
import { describeFailure } from './describe-failure.ts';
import { endWith } from './end-with.ts';
import type { Engine, EngineLook, EngineOutcome, ReadStep } from './engine.ts';
import type { Selected } from './keep-selected.ts';
import {
  CHUNKS_UNDER_WAY,
  type ConnectedRecording,
  connectRecording,
  deathOf,
  type EngineHost,
  spawnWorker,
} from './open-recording.ts';

/** A text that somebody is still writing. */
export interface GrowingSource {
  readonly name: string;
  readonly content: ReadableStream<Uint8Array>;
}

/** Why nothing more comes. */
export type GrowthEnd =
  | { readonly kind: 'ended' }
  /** It ended, and there is no event in it. */
  | { readonly kind: 'empty'; readonly problem: Problem }
  /** More events came than are shown while they come. */
  | { readonly kind: 'full' }
  /** What had come before stays. */
  | { readonly kind: 'failed'; readonly problem: Problem }
  /** The recording was closed, or its worker died. */
  | { readonly kind: 'closed' };

/** Who shows a recording while it grows. */
export interface GrowthWatcher {
  /** So many events have come in all; those that are not shown yet wait. */
  onArrived(events: number): void;
  /** The engine answers for what had come when it was asked, at `askedAt` of the window's clock, with `asked` selected. */
  onGrown(summary: RecordingSummary, selected: Selected, asked: Selected, askedAt: number): void;
  /** Something has come and is on its way to the screen; call what it returns when it is there. */
  beginWork(): () => void;
  selected(): Selected;
  isPaused(): boolean;
}

export interface GrowingRecording {
  /** Without an event at first. */
  readonly recording: ConnectedRecording;
  /** Reads on to the end of the text; called once. */
  run(): Promise<GrowthEnd>;
  /** The view is not paused any more. */
  resume(): void;
}

export interface GrowthOptions {
  /** Where the engine runs; a Web Worker unless said otherwise. */
  readonly spawn?: () => EngineHost;
  readonly mostEvents?: number;
}

/** Shortest time from one look at the text to the next. */
const LOOK_EVERY_MS = 100;
/** After a long look the worker rests for so many times as long: that is for reading, and for the window to draw. */
const REST = 1;
/** The same after accounting, which leaves the worker's time to others in between. */
const ACCOUNT_REST = 0.5;

/** Events that are shown while they come: the worker then has about 2.1 GB, and a look takes seconds. */
const MOST_GROWING_EVENTS = 5_000_000;

/**
 * Reads a text in a worker of its own while it is written, and has the worker look at it again and again: at once where
 * little comes, the less often the longer a look takes.
 */
export async function growRecording(
  { name, content }: GrowingSource,
  watcher: GrowthWatcher,
  { spawn = spawnWorker, mostEvents = MOST_GROWING_EVENTS }: GrowthOptions = {},
): Promise<GrowingRecording> {
  const host = spawn();
  const engine = wrap<Engine>(host);
  const died = deathOf(host);
  const untilDeath = endWith(died);
  const empty = await untilDeath<EngineLook>(engine.look(name, {})).catch((error: unknown) => {
    host.terminate();
    void content.cancel().catch(ignore);
    throw error;
  });
  if (!empty.ok) throw new Error(empty.problem.why);
  const recording = connectRecording(empty.summary, engine, died, host);
  const growth = new Growth(name, content.getReader(), engine, watcher, mostEvents, untilDeath);
  void died.then(() => growth.stop({ kind: 'closed' }));
  return {
    recording: {
      ...recording,
      close: () => {
        growth.stop({ kind: 'closed' });
        recording.close();
      },
    },
    run: () => growth.run(),
    resume: () => growth.lookSoon(),
  };
}

class Growth {
  private readonly name: string;
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  private readonly engine: Remote<Engine>;
  private readonly watcher: GrowthWatcher;
  private readonly mostEvents: number;
  private readonly untilDeath: <Answer>(answer: Promise<Answer>) => Promise<Answer>;
  private fault: { readonly error: unknown } | undefined;
  private end: GrowthEnd | undefined;
  private underWay = 0;
  /** Goes on with what waits for the worker. */
  private wake = () => {};
  /** Events that are shown. */
  private events = 0;
  /** Text has come that no look took in. */
  private unseen = false;
  /** Some of what is shown is not accounted for … */
  private behind = false;
  /** … but was meanwhile, and the next look shows it. */
  private accounted = false;
  private looking = false;
  private accounting = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private accountTimer: ReturnType<typeof setTimeout> | undefined;
  private restUntil = 0;
  private accountAfter = 0;
  private workDone: (() => void) | undefined;

  constructor(
    name: string,
    reader: ReadableStreamDefaultReader<Uint8Array>,
    engine: Remote<Engine>,
    watcher: GrowthWatcher,
    mostEvents: number,
    untilDeath: <Answer>(answer: Promise<Answer>) => Promise<Answer>,
  ) {
    this.name = name;
    this.reader = reader;
    this.engine = engine;
    this.watcher = watcher;
    this.mostEvents = mostEvents;
    this.untilDeath = untilDeath;
  }

  stop(end: GrowthEnd): void {
    // A worker that was ended answers nothing any more.
    if (end.kind === 'closed') this.settle();
    if (this.end !== undefined) return;
    this.end = end;
    clearTimeout(this.timer);
    clearTimeout(this.accountTimer);
    // Whoever waits for more waits for good otherwise.
    void this.reader.cancel().catch(ignore);
    this.wake();
  }

  async run(): Promise<GrowthEnd> {
    try {
      await this.take().catch((error) => this.stop({ kind: 'failed', problem: explain(error) }));
      while (this.looking && this.end?.kind !== 'closed') await this.woken();
      if (this.fault !== undefined && this.end === undefined) throw this.fault.error;
      this.stop({ kind: 'ended' });
      return await this.conclude(this.end ?? { kind: 'ended' });
    } catch (error) {
      return { kind: 'failed', problem: explain(error) };
    } finally {
      this.settle();
    }
  }

  /** Looks at what has come, or was accounted for, if anything was, as soon as the worker has rested. */
  lookSoon(): void {
    if (this.looking || this.timer !== undefined || this.end !== undefined) return;
    if (!this.wantsLook) {
      // Also of a view that stands still it is said who holds what.
      if (!this.behind) this.settle();
      return;
    }
    this.workDone ??= this.watcher.beginWork();
    const rest = Math.max(0, this.restUntil - performance.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.wantsLook) this.look().catch(this.fail);
      else this.lookSoon();
    }, rest);
  }

  private get takesNew(): boolean {
    return this.unseen && !this.watcher.isPaused();
  }

  private get wantsLook(): boolean {
    return this.accounted || this.takesNew;
  }

  /** Has the worker account for what is shown, beside looking and answering. */
  private accountSoon(): void {
    if (!this.behind || this.accounted || this.accounting || this.accountTimer !== undefined) return;
    if (this.end !== undefined) return;
    this.accountTimer = setTimeout(
      () => {
        this.accountTimer = undefined;
        this.account().catch(this.fail);
      },
      Math.max(0, this.accountAfter - performance.now()),
    );
  }

  private async account(): Promise<void> {
    this.accounting = true;
    const tookMs = await this.untilDeath(this.engine.account());
    this.accountAfter = performance.now() + ACCOUNT_REST * tookMs;
    this.accounting = false;
    this.accounted = true;
    this.lookSoon();
  }

  private get goesOn(): boolean {
    return this.end === undefined && this.fault === undefined;
  }

  /** Hands the text to the worker as it comes, never more than a few pieces ahead of its acknowledgements. */
  private async take(): Promise<void> {
    while (this.goesOn) {
      const { done, value } = await this.reader.read();
      if (done) break;
      // A view of a larger buffer is copied: a buffer that is transferred is gone for whoever else looks into it.
      const chunk = value.byteLength === value.buffer.byteLength ? value : value.slice();
      this.underWay++;
      this.engine
        .push(transfer(chunk, [chunk.buffer]))
        .then((step) => this.arrive(step))
        .catch(this.fail);
      this.unseen = true;
      this.lookSoon();
      while (this.underWay >= CHUNKS_UNDER_WAY && this.goesOn) await this.woken();
    }
    while (this.underWay > 0 && this.goesOn) await this.woken();
  }

  private arrive({ progress, problem }: ReadStep): void {
    this.underWay--;
    this.watcher.onArrived(progress.events);
    if (problem !== undefined) this.stop({ kind: 'failed', problem });
    else if (progress.events >= this.mostEvents) this.stop({ kind: 'full' });
    this.wake();
  }

  private readonly fail = (error: unknown): void => {
    this.fault ??= { error };
    this.looking = false;
    void this.reader.cancel().catch(ignore);
    this.wake();
  };

  private async look(): Promise<void> {
    this.looking = true;
    const at = this.takesNew ? 'new' : 'shown';
    if (at === 'new') this.unseen = false;
    this.accounted = false;
    const asked = this.watcher.selected();
    const askedAt = performance.now();
    const outcome = await this.untilDeath<EngineLook>(this.engine.look(this.name, asked, at));
    this.restUntil = performance.now() + Math.max(LOOK_EVERY_MS, REST * outcome.costMs);
    this.looking = false;
    this.behind = outcome.behind;
    if (outcome.ok) this.show(outcome.summary, outcome.selected, asked, askedAt);
    else this.stop({ kind: 'failed', problem: outcome.problem });
    this.accountSoon();
    this.lookSoon();
    this.wake();
  }

  /** The last look, at all of it. */
  private async conclude(end: GrowthEnd): Promise<GrowthEnd> {
    if (end.kind === 'closed') return end;
    const asked = this.watcher.selected();
    const whole = end.kind === 'ended';
    this.workDone ??= this.watcher.beginWork();
    const { engine, name } = this;
    const outcome = await this.untilDeath<EngineOutcome>(
      whole ? engine.finish(name, asked) : engine.look(name, asked, 'all'),
    );
    if (!outcome.ok) return { kind: whole && this.events === 0 ? 'empty' : 'failed', problem: outcome.problem };
    this.show(outcome.summary, outcome.selected, asked, performance.now());
    return end;
  }

  private show(summary: RecordingSummary, selected: Selected, asked: Selected, askedAt: number): void {
    this.events = summary.events;
    this.watcher.onGrown(summary, selected, asked, askedAt);
  }

  private settle(): void {
    this.workDone?.();
    this.workDone = undefined;
  }

  private woken(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}

function explain(error: unknown): Problem {
  return error instanceof TraceBroken ? error.problem : describeFailure(error);
}

function ignore(): void {}
