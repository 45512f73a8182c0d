import { NothingPasses } from '../filter/nothing-passes.tsx';
import type { LowerTab } from '../layout/lower-tab.ts';
import { useStore } from '../state/store.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { writeCount, writeCounted } from '../widgets/write-numbers.ts';
import { ColumnMenu } from './column-menu.tsx';
import { useEventFilter } from './event-filter.ts';
import { EventList } from './event-list.tsx';
import { OnlySelected } from './only-selected.tsx';

/** The list of events, what it is narrowed by, and which columns it has. */
export const eventsTab: LowerTab = {
  tab: 'events',
  text: 'Events',
  key: '1',
  command: 'Show the events',
  of: 'recording',
  Content: EventsContent,
  Choices: OnlySelected,
  Tools: EventsTools,
};

/** How many events the list shows; undefined until the worker has counted them. */
function useListedCount(): number | undefined {
  const { id, engine } = useRecording();
  const filter = useEventFilter();
  return useLatestAnswer(JSON.stringify([id, filter.text, filter.modules]), () => engine.eventCount(filter));
}

function EventsTools() {
  const { summary } = useRecording();
  const found = useListedCount();
  const all = summary.events;
  return (
    <>
      <span className="quiet events-count">
        {found === undefined || found === all
          ? writeCounted(all, 'event')
          : `${writeCount(found)} of ${writeCounted(all, 'event')}`}
      </span>
      <ColumnMenu />
    </>
  );
}

function EventsContent() {
  const filter = useEventFilter();
  const grows = useStore((state) => state.growth !== undefined);
  const found = useListedCount();
  if (found === undefined) return null;
  if (found > 0) return <EventList filter={filter} count={found} />;
  if (filter.text.trim() === '')
    return (
      <p className="empty">
        {filter.modules.length > 0
          ? 'The selected module has no event.'
          : grows
            ? 'Events are listed here as they come.'
            : 'There is no event.'}
      </p>
    );
  return (
    <NothingPasses
      what={
        filter.modules.length === 0
          ? 'No event passes this filter.'
          : 'No event of the selected module passes this filter.'
      }
    />
  );
}
