import { askEngine } from '../state/ask-engine.ts';
import { useStore } from '../state/store.ts';

/** Shows a stretch of time with some air on both sides; what began before or never ended is cut at the recording's ends. */
export function showStretch(start: number, end: number): void {
  const { recording, showWindow } = useStore.getState();
  if (recording === undefined) return;
  const { bounds } = recording;
  const from = Math.max(start, bounds.start);
  const to = Math.min(end, bounds.end);
  const air = Math.max((to - from) * 0.08, bounds.minSpan / 2);
  showWindow({ from: Math.max(from - air, bounds.start), to: Math.min(to + air, bounds.end) });
}

/** Shows the selected hold from its start to its end. */
export async function showHold(): Promise<void> {
  const { recording, hold } = useStore.getState();
  if (recording === undefined || hold === undefined) return;
  const facts = await askEngine(recording, (engine) => engine.holdFacts(hold));
  if (facts !== undefined) showStretch(facts.start, facts.end);
}

/** Shows what lies between A and B. */
export function showMarked(): void {
  const { a, b } = useStore.getState().markers;
  if (a !== undefined && b !== undefined && a !== b) showStretch(Math.min(a, b), Math.max(a, b));
}
