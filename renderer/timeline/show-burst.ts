import type { Overview } from '../../shared/view-model/recording-view.ts';
import { askEngine } from '../state/ask-engine.ts';
import { useStore } from '../state/store.ts';
import { findBurst } from './find-burst.ts';
import { showStretch } from './zoom-to.ts';

const everything = { text: '', modules: [] } as const;

/** Shows the burst of events nearest to a time, from its first event to its last, however short it is. */
export async function showBurst({ columns }: Overview, time: number): Promise<void> {
  const { recording } = useStore.getState();
  const found = findBurst(columns, time);
  if (recording === undefined || found === undefined) return;
  const { first, last } = found;
  const ends = await askEngine(recording, async (engine) => {
    const until = columns[last + 1]?.time;
    const before = first === 0 ? -1 : await engine.eventPositionAt(everything, columns[first]!.time - 1);
    const end =
      until === undefined
        ? (await engine.eventCount(everything)) - 1
        : await engine.eventPositionAt(everything, until - 1);
    const [start] = await engine.eventRows(everything, before + 1, 1);
    const [stop] = await engine.eventRows(everything, end, 1);
    return start === undefined || stop === undefined ? undefined : { from: start.time, to: stop.time };
  });
  if (ends !== undefined) showStretch(ends.from, ends.to);
}
