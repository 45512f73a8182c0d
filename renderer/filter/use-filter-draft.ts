import { useLayoutEffect, useRef, useState } from 'react';
import { useStore } from '../state/store.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { settleFilter } from './settle-filter.ts';

/** The filter as it is being written. */
export interface FilterDraft {
  readonly text: string;
  /** A word that ends at the caret holds as soon as something passes it, so that nothing vanishes while it is written. */
  readonly write: (text: string, caret: number) => void;
  /** What is written holds, whatever passes it. */
  readonly apply: (text: string) => void;
}

/** What is written may be ahead of the filter that holds; whoever else changes the filter changes what is written. */
export function useFilterDraft(): FilterDraft {
  const { id, engine } = useRecording();
  const applied = useStore((state) => state.filterText);
  const expected = useRef(applied);
  const [draft, setDraft] = useState({ text: applied, caret: 0 });
  if (applied !== expected.current) {
    expected.current = applied;
    setDraft({ text: applied, caret: applied.length });
  }
  const hold = (text: string) => {
    expected.current = text;
    useStore.getState().filterEvents(text);
  };

  const { text } = draft;
  const answer = useLatestAnswer(text === applied ? undefined : JSON.stringify([id, draft]), async () => ({
    draft,
    passes: (await engine.eventCount({ text, modules: [] })) > 0,
  }));
  // With the commit, not after it: a key pressed in between would be undone by an answer to what was written before.
  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer counts once, when it comes
  useLayoutEffect(() => {
    if (answer?.draft === draft) hold(answer.passes ? text : settleFilter(text, draft.caret));
  }, [answer]);

  return {
    text,
    write: (wanted, caret) => setDraft({ text: wanted, caret }),
    apply: (wanted) => {
      setDraft({ text: wanted, caret: wanted.length });
      hold(wanted);
    },
  };
}
