/**
 * Whether anything is loading, being asked of the worker, or waiting to be drawn, told to the outside as
 * `<html data-state="busy|idle">`. What drives the window from outside (a test, a screenshot) waits for `idle`.
 */
const root = document.documentElement;
let pending = 0;
let framesToSettle = 0;
let frame = 0;

function publish(): void {
  const state = pending > 0 || framesToSettle > 0 ? 'busy' : 'idle';
  if (root.getAttribute('data-state') !== state) root.setAttribute('data-state', state);
}

function countDown(): void {
  frame = 0;
  framesToSettle -= 1;
  if (framesToSettle > 0) frame = requestAnimationFrame(countDown);
  publish();
}

/** Something changed that React or a canvas has yet to show: busy until two frames went by. */
export function markChanged(): void {
  framesToSettle = 2;
  if (frame === 0) frame = requestAnimationFrame(countDown);
  publish();
}

/** Work begins; call what it returns when the work has ended, well or badly. */
export function beginWork(): () => void {
  pending += 1;
  publish();
  let ended = false;
  return () => {
    if (ended) return;
    ended = true;
    pending -= 1;
    markChanged();
  };
}
