import { useEffect } from 'react';
import { useStore } from '../state/store.ts';
import { BufferTable } from './buffer-table.tsx';
import { ModuleEvents } from './module-events.tsx';
import { NotRead } from './not-read.tsx';
import { OwnBuffer } from './own-buffer.tsx';
import { readTracefs } from './read-tracefs.ts';
import { TracingFacts } from './tracing-facts.tsx';

/** What a person would look up in tracefs by hand. Only our own buffer can be changed from here. */
export function TracefsPane() {
  const seen = useStore((state) => state.tracefs);
  const asks = useStore((state) => state.preflight?.asks);
  const asksNobody = asks === 'nobody';
  useEffect(() => {
    // Where nobody is asked for a password there is nothing to wait for.
    if (asksNobody && useStore.getState().tracefs === undefined) void readTracefs();
  }, [asksNobody]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled with the keyboard
    <section className="tracefs" tabIndex={0} aria-label="What tracefs says">
      <OwnBuffer />
      {seen === undefined ? (
        <NotRead />
      ) : (
        <>
          <TracefsProblem />
          <TracingFacts description={seen.description} leftOut={seen.leftOut} />
          <BufferTable description={seen.description} />
          <ModuleEvents description={seen.description} />
        </>
      )}
    </section>
  );
}

function TracefsProblem() {
  const problem = useStore((state) => state.tracefsProblem);
  if (problem === undefined) return null;
  return (
    <p className="tracefs-problem" role="alert">
      <strong>{problem.what}</strong> {problem.why} {problem.remedy} What is below was seen before.
    </p>
  );
}
