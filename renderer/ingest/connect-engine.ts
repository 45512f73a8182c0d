import type { Remote } from 'comlink';
import type { Problem } from '../../shared/problem.ts';
import type { RecordingView } from '../../shared/view-model/recording-view.ts';
import type { RecordingEngine } from '../state/recording-engine.ts';
import { endWith } from './end-with.ts';
import type { Engine } from './engine.ts';

/**
 * The questions of a recording's view, answered by its worker.
 *
 * Errors: an answer rejects when the worker died, for then it never comes.
 */
export function connectEngine(engine: Remote<Engine>, died: Promise<Problem>): RecordingEngine {
  const untilDeath = endWith(died);
  const question =
    <Name extends keyof RecordingView>(name: Name) =>
    (...input: Parameters<RecordingView[Name]>) =>
      untilDeath(engine.ask(name, input) as Promise<ReturnType<RecordingView[Name]>>);
  return {
    summary: question('summary'),
    modulesAt: question('modulesAt'),
    accountingAt: question('accountingAt'),
    tracks: question('tracks'),
    overview: question('overview'),
    detail: question('detail'),
    eventCount: question('eventCount'),
    eventRows: question('eventRows'),
    eventPositionAt: question('eventPositionAt'),
    eventAtLine: question('eventAtLine'),
    modulesPassing: question('modulesPassing'),
    completions: question('completions'),
    storms: question('storms'),
    hits: question('hits'),
    nextHit: question('nextHit'),
    hitMarks: question('hitMarks'),
    hitRows: question('hitRows'),
    holderGraph: question('holderGraph'),
    statistics: question('statistics'),
    change: question('change'),
    countSelection: question('countSelection'),
    holdFacts: question('holdFacts'),
    stepHold: question('stepHold'),
    rejectedLines: question('rejectedLines'),
    processOf: question('processOf'),
  };
}
