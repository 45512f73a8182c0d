import type { Session } from '../../shared/session/session.ts';
import { chooseBuffer } from '../open/choose-buffer.ts';
import { useStore } from '../state/store.ts';

/**
 * Shows the open recording as a session says; what of it the recording does not have is left out. Of another one that is
 * opened meanwhile nothing is changed.
 */
export async function applySession({ view, filter, markers, notes, commands = [] }: Session): Promise<void> {
  const { summary: opened, engine } = useStore.getState().recording ?? {};
  if (view.buffer !== undefined && view.buffer !== opened?.buffer && opened?.buffers.includes(view.buffer))
    await chooseBuffer(view.buffer);
  const state = useStore.getState();
  const { recording } = state;
  if (recording === undefined || recording.engine !== engine) return;
  const { bounds, summary } = recording;
  const known = new Set(summary.modules.map(({ module }) => module));
  const ofRecording = (names: readonly string[]) => names.filter((module) => known.has(module));
  const inBounds = (time: number) => time >= bounds.start && time <= bounds.end;
  const { a, b } = markers;
  useStore.setState({
    markers: {
      ...(a !== undefined && inBounds(a) ? { a } : {}),
      ...(b !== undefined && inBounds(b) ? { b } : {}),
    },
    notes: notes
      .filter(({ time }) => inBounds(time))
      .map(({ time, text }, i) => ({ id: i + 1, time, text }))
      .sort((one, other) => one.time - other.time),
    notesBefore: [],
    keptCommands: commands
      .filter(({ from }) => inBounds(from))
      .map(({ from, until, line, exitCode }) => ({ from, until: until ?? from, line, exitCode })),
    tracks: {
      order: ofRecording(view.order),
      pinned: ofRecording(view.pinned),
      hidden: ofRecording(view.hidden),
      onlyHeld: view.onlyHeld ?? false,
      grouped: view.grouped ?? false,
    },
  });
  state.filterEvents(filter);
  if (view.module !== undefined && known.has(view.module)) state.selectModule(view.module);
  if (view.cursor !== undefined) state.moveCursor(view.cursor);
  if (view.window !== undefined) state.showWindow(view.window);
}
