import { type Remote, transfer, wrap } from 'comlink';
import type { Problem } from '../../shared/problem.ts';
import type { PresentView } from '../../shared/view-model/present-view.ts';
import type { PresentEngine } from '../state/present-slice.ts';
import type { Engine } from './engine.ts';
import { deathOf, type EngineHost, spawnWorker } from './open-recording.ts';
import type { LookOutcome, PresentDesk } from './present-desk.ts';

/** The worker's part that knows the running system, as the window sees it. */
export interface ConnectedPresent {
  readonly engine: PresentEngine;
  /** Takes one look's frames; the arrays are gone afterwards. */
  read(frames: readonly Uint8Array[], merged: boolean): Promise<LookOutcome>;
}

/** A worker of its own for the running system, for as long as the window is there. */
export function spawnPresent(spawn: () => EngineHost = spawnWorker): ConnectedPresent & {
  readonly died: Promise<Problem>;
  close(): void;
} {
  const host = spawn();
  const died = deathOf(host);
  return { ...connectPresent(wrap<Engine>(host), died), died, close: () => host.terminate() };
}

/** Errors: an answer rejects when the worker died, for then it never comes. */
export function connectPresent(engine: Remote<Engine>, died: Promise<Problem>): ConnectedPresent {
  // Comlink’s types show what is nested as a promise of it; it is a proxy of the same sort.
  const desk = engine.present as unknown as Remote<PresentDesk>;
  const death = died.then((problem): never => {
    throw new Error(problem.why);
  });
  death.catch(() => {});
  const question =
    <Name extends keyof PresentView>(name: Name) =>
    (...input: Parameters<PresentView[Name]>) =>
      Promise.race([desk.ask(name, input) as Promise<ReturnType<PresentView[Name]>>, death]);
  return {
    engine: { overview: question('overview'), account: question('account'), graph: question('graph') },
    read: (frames, merged) => {
      // A view of a larger buffer is copied: a buffer that is transferred is gone for whoever else looks into it.
      const whole = frames.map((bytes) => (bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()));
      return Promise.race([
        desk.read(
          transfer(
            whole,
            whole.map(({ buffer }) => buffer),
          ),
          merged,
        ),
        death,
      ]);
    },
  };
}
