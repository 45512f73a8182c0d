import { type ReactNode, useLayoutEffect, useRef } from 'react';

interface AnswerPanelProps {
  /** The time that the answer is of. */
  readonly time: ReactNode;
  readonly label: string;
  /** The module that the answer is about. */
  readonly module: string | undefined;
  readonly children: ReactNode;
}

/** The region of the answer: its head, and a body that scrolls. */
export function AnswerPanel({ time, label, module, children }: AnswerPanelProps) {
  const body = useRef<HTMLElement | null>(null);
  // Another module is read from its start; the same one where the reader was.
  // biome-ignore lint/correctness/useExhaustiveDependencies: for every other module
  useLayoutEffect(() => {
    if (body.current !== null) body.current.scrollTop = 0;
  }, [module]);
  return (
    <section className="panel panel-holders" aria-labelledby="holders-title">
      <header className="panel-head">
        <h2 id="holders-title">Who holds it?</h2>
        <span className="spring" />
        {time}
      </header>
      <section
        ref={body}
        className="holders-body"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled with the keyboard
        tabIndex={0}
        aria-live="polite"
        aria-atomic="false"
        aria-label={label}
      >
        {children}
      </section>
    </section>
  );
}
