import type { ReactNode } from 'react';
import type { TracefsDescription } from '../../shared/tracefs/describe-tracefs.ts';
import { visibleSentence, visibleText } from '../widgets/visible-text.ts';
import { writeCounted } from '../widgets/write-numbers.ts';

interface TracingFactsProps {
  readonly description: TracefsDescription;
  /** Files that were read and are not told of, for there was too much. */
  readonly leftOut: number;
}

/** Where tracefs is, what it can do, and who else traces. */
export function TracingFacts({ description, leftOut }: TracingFactsProps) {
  const { place, kernel, availableTracers, options, others, unread } = description;
  return (
    <section className="tracefs-card" aria-label="Tracing">
      <dl className="tracefs-facts">
        <Fact name="tracefs">
          <code>{visibleText(place)}</code>
        </Fact>
        <Fact name="kernel">
          <code>{visibleText(kernel)}</code>
        </Fact>
        <Fact name="available tracers">
          {availableTracers.length === 0 ? 'not known' : <code>{visibleSentence(availableTracers.join(' '))}</code>}
        </Fact>
        <Fact name="who else traces">
          {others.length === 0
            ? 'Nobody, as far as can be seen.'
            : others.map((other) => <p key={other}>{visibleSentence(other)}</p>)}
        </Fact>
        {unread.length === 0 ? null : (
          <Fact name="not readable">
            {unread.slice(0, 8).map(({ name, why }) => (
              <p key={name}>
                <code>{visibleText(name)}</code>: {why}
              </p>
            ))}
            {unread.length > 8 ? <p className="quiet">and {writeCounted(unread.length - 8, 'more file')}</p> : null}
          </Fact>
        )}
        {leftOut === 0 ? null : <Fact name="left out">{writeCounted(leftOut, 'file')}, for there was too much.</Fact>}
      </dl>
      <details>
        <summary>Trace options</summary>
        <p className="mono">{visibleSentence(options.join(' '))}</p>
      </details>
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
