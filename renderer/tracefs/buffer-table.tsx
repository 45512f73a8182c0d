import type { TraceBuffer, TracefsDescription } from '../../shared/tracefs/describe-tracefs.ts';
import { visibleSentence, visibleText } from '../widgets/visible-text.ts';
import { writeCounted } from '../widgets/write-numbers.ts';

/** The top buffer and the instances: whether they record, what, and how large they are. */
export function BufferTable({ description: { top, instances } }: { readonly description: TracefsDescription }) {
  return (
    <section className="tracefs-card" aria-label="Trace buffers">
      <h3>Trace buffers</h3>
      <table className="tracefs-table">
        <thead>
          <tr>
            <th>Buffer</th>
            <th>tracing_on</th>
            <th>current_tracer</th>
            <th>trace_clock</th>
            <th>buffer_size_kb</th>
            <th>Enabled events</th>
          </tr>
        </thead>
        <tbody>
          {[top, ...instances].map((buffer) => (
            <BufferRow key={buffer.name} {...buffer} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function BufferRow({ name, ours, on, tracer, clock, size, events, moreEvents }: TraceBuffer) {
  return (
    <tr>
      <th scope="row">
        {name === '' ? 'top, everybody’s' : <code>{visibleText(name)}</code>}
        {ours ? <span className="quiet"> of ModShark</span> : null}
      </th>
      <td>{on === undefined ? '?' : on ? '1' : '0'}</td>
      <td>{tracer === '' ? '?' : visibleText(tracer)}</td>
      <td>{clock === '' ? '?' : visibleText(clock)}</td>
      <td>{size === '' ? '?' : visibleText(size)}</td>
      <td className="tracefs-events" title={visibleSentence(events.slice(0, 40).join('\n'))}>
        {events.length === 0
          ? 'none'
          : events.length <= 3 && !moreEvents
            ? visibleSentence(events.join(', '))
            : `${moreEvents ? 'more than ' : ''}${writeCounted(events.length, 'event')}: ${visibleSentence(events.slice(0, 3).join(', '))} …`}
      </td>
    </tr>
  );
}
