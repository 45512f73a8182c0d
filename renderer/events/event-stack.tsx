import { X } from 'lucide-react';
import type { EventRow } from '../../shared/view-model/recording-view.ts';
import { visibleText } from '../widgets/visible-text.ts';

/** The kernel's stack at the selected event, innermost frame first. */
export function EventStack({ event, onClose }: { readonly event: EventRow; readonly onClose: () => void }) {
  return (
    <section className="event-stack" aria-label={`Stack trace of line ${event.line}`}>
      <header>
        <h3>Stack trace of line {event.line}</h3>
        <button type="button" className="icon-button" aria-label="Close the stack trace" onClick={onClose}>
          <X size={14} aria-hidden />
        </button>
      </header>
      <ol className="mono">
        {event.stack.map((frame, depth) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: frames repeat and never move
          <li key={depth}>{visibleText(frame)}</li>
        ))}
      </ol>
    </section>
  );
}
