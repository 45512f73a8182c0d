import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { beginWork } from './activity.ts';
import { reportFault } from './report-fault.ts';
import { useStore } from './store.ts';

/**
 * Asks a question of the recording whenever its key changes, or the recording has grown, and gives back the newest answer; the last answer stays until then, so that
 * nothing flickers. One question is under way at a time: while it is, only the newest of those waiting is kept.
 *
 * An undefined key asks nothing and has no answer.
 */
export function useLatestAnswer<Answer>(key: string | undefined, ask: () => Promise<Answer>): Answer | undefined {
  const revision = useStore((state) => state.revision);
  const [shown, setShown] = useState<Shown<Answer> | undefined>(undefined);
  const line = useRef<Line<Answer>>({ waiting: undefined, ended: undefined, committed: undefined, mounted: false });
  const latest = useRef(ask);
  latest.current = ask;

  useEffect(() => {
    const current = line.current;
    current.mounted = true;
    return () => {
      // The worker may be gone with the recording, and its answer would never come.
      current.mounted = false;
      current.committed?.();
      current.ended?.();
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever was published is on the page now
  useLayoutEffect(() => line.current.committed?.(), [shown]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another revision has another answer
  useEffect(() => {
    const current = line.current;
    current.waiting = key === undefined ? undefined : latest.current;
    if (key === undefined) {
      setShown(undefined);
      // What was published and taken back before it was on the page is never committed.
      current.committed?.();
    } else if (current.ended === undefined) void answerInTurn(current, setShown);
  }, [key, revision]);

  return key === undefined ? undefined : shown?.answer;
}

/** An object of its own for each answer, so that an equal one is committed too. */
interface Shown<Answer> {
  readonly answer: Answer;
}

interface Line<Answer> {
  waiting: (() => Promise<Answer>) | undefined;
  /** Ends the work that is under way; undefined when none is. */
  ended: (() => void) | undefined;
  /** Called when React has put on the page what was published; the work is not done before. */
  committed: (() => void) | undefined;
  mounted: boolean;
}

async function answerInTurn<Answer>(line: Line<Answer>, publish: (shown: Shown<Answer>) => void): Promise<void> {
  line.ended = beginWork();
  try {
    while (line.waiting !== undefined && line.mounted) {
      const ask = line.waiting;
      line.waiting = undefined;
      const answer = await ask();
      if (!line.mounted) break;
      await new Promise<void>((resolve) => {
        line.committed = resolve;
        publish({ answer });
      });
    }
  } catch (fault) {
    if (line.mounted) reportFault(fault);
  } finally {
    line.ended();
    line.ended = undefined;
  }
}
