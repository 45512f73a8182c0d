import { useEffect } from 'react';
import { useStore } from '../state/store.ts';
import { lookAround, recordedHere } from './look-around.ts';

/** From the end of one look to the next while the window is seen. */
const LOOK_EVERY_MS = 4_000;
/** A look that takes long is followed by so many times of rest, so that looking never is what the machine is busy with. */
const REST = 10;
/** Module events while recording mean that something changed; a burst of them is one change. */
const SETTLE_MS = 700;

/** Looks at the system again and again while now is shown and the window is seen, and when a recording says that something changed. */
export function useLooking(): void {
  const isShown = useStore((state) => state.presentOpen && state.moment === 'now' && state.host !== undefined);
  useEffect(() => {
    if (!isShown) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let due = 0;
    let ended = false;
    const lookIn = (ms: number) => {
      if (ended || document.visibilityState !== 'visible') return;
      const wanted = performance.now() + ms;
      if (timer !== undefined && due <= wanted) return;
      clearTimeout(timer);
      due = wanted;
      timer = setTimeout(look, ms);
    };
    const look = async () => {
      timer = undefined;
      const begun = performance.now();
      await lookAround();
      lookIn(Math.max(LOOK_EVERY_MS, REST * (performance.now() - begun)));
    };
    const onVisible = () => lookIn(0);
    document.addEventListener('visibilitychange', onVisible);
    const unsubscribe = useStore.subscribe((state, before) => {
      const events = recordedHere(state)?.summary.events;
      if (events !== undefined && events !== before.recording?.summary.events) lookIn(SETTLE_MS);
    });
    // At once, not in a turn of its own: the window is never idle between opening this and the first look.
    if (document.visibilityState === 'visible') void look();
    return () => {
      ended = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisible);
      unsubscribe();
    };
  }, [isShown]);
}

/** What was seen together with a recording is seen without it when that is closed, and the other way round. */
export function followRecording(): void {
  useStore.subscribe((state, before) => {
    const { present, moment } = state;
    if (recordedHere(state)?.present === recordedHere(before)?.present || present === undefined) return;
    // The worker that answered is gone with its recording; the other one answers until the two are one.
    if (present.merged) useStore.setState({ present: undefined, lookProblem: undefined });
    if (moment === 'now') void lookAround();
  });
}
