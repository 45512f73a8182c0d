import { useMemo } from 'react';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { useFilter } from './use-filter.ts';

/** Modules with an event that passes the filter; undefined while there is no filter, or nothing is known of it yet. */
export function usePassingModules(): ReadonlySet<string> | undefined {
  const { id, engine } = useRecording();
  const filter = useFilter();
  const isNarrow = filter.text.trim() !== '';
  const answer = useLatestAnswer(isNarrow ? JSON.stringify([id, filter.text]) : undefined, async () => ({
    modules: await engine.modulesPassing(filter),
  }));
  return useMemo(() => (answer?.modules === undefined ? undefined : new Set(answer.modules)), [answer]);
}
