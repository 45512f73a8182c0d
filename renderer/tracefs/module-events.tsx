import type { TracefsDescription } from '../../shared/tracefs/describe-tracefs.ts';
import { visibleSentence } from '../widgets/visible-text.ts';

/** The module events as the top buffer has them, and how each is printed. */
export function ModuleEvents({ description: { moduleEvents } }: { readonly description: TracefsDescription }) {
  return (
    <section className="tracefs-card" aria-label="Module events">
      <h3>Module events of the top buffer</h3>
      {moduleEvents.length === 0 ? <p>This kernel has none, or they cannot be read.</p> : null}
      {moduleEvents.map(({ name, enabled, filter, trigger, format }) => (
        <details key={name} className="tracefs-event">
          <summary>
            <code>{name}</code> <span className="quiet">{enabled === '1' ? 'enabled' : 'not enabled'}</span>
            {filter === '' || filter === 'none' ? null : (
              <span className="quiet">
                {' '}
                · filter <code>{visibleSentence(filter)}</code>
              </span>
            )}
          </summary>
          {trigger === '' || trigger.startsWith('#') ? null : <pre>{visibleLines(trigger)}</pre>}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line is scrolled with the keyboard */}
          <pre tabIndex={0}>{visibleLines(format)}</pre>
        </details>
      ))}
    </section>
  );
}

function visibleLines(text: string): string {
  return text
    .split('\n')
    .map((line) => visibleSentence(line.replaceAll('\t', '    ')))
    .join('\n');
}
