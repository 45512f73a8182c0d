import { useEffect, useState } from 'react';
import type { EventColumn } from '../../shared/ipc/contract.ts';
import type { EventFilter } from '../../shared/view-model/recording-view.ts';
import { askEngine } from '../state/ask-engine.ts';
import { reportFault } from '../state/report-fault.ts';
import { useRecording } from '../state/use-recording.ts';
import { writeCounted } from '../widgets/write-numbers.ts';
import { printRows } from './print-rows.ts';
import type { OpenStack } from './stack-rows.ts';

/** More than anybody pastes; whoever wants them all exports them. */
const MOST_COPIED = 20_000;
const TOLD_MS = 3_000;

/** Copies rows of the list as text, and says for a moment how many they were. */
export function useCopyRows(filter: EventFilter, columns: readonly EventColumn[], stacks: readonly OpenStack[]) {
  const recording = useRecording();
  const [told, setTold] = useState('');
  useEffect(() => {
    if (told === '') return;
    const timer = setTimeout(() => setTold(''), TOLD_MS);
    return () => clearTimeout(timer);
  }, [told]);

  const copy = async (from: number, to: number) => {
    const wanted = to - from + 1;
    const events = await askEngine(recording, (engine) =>
      engine.eventRows(filter, from, Math.min(wanted, MOST_COPIED)),
    );
    if (events === undefined || events.length === 0) return;
    const isOpen = (_: unknown, place: number) => stacks.some(({ index }) => index === from + place);
    try {
      await navigator.clipboard.writeText(printRows(events, columns, recording.summary.clock, isOpen));
      setTold(
        wanted <= events.length
          ? `Copied ${writeCounted(events.length, 'event')}`
          : `Copied the first ${writeCounted(events.length, 'event')} of ${writeCounted(wanted, 'event')}; export them to have them all`,
      );
    } catch (fault) {
      reportFault(fault);
    }
  };
  return { told, copy };
}
