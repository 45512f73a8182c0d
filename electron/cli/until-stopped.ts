/** Waits for Ctrl-C, a signal to end, or `stop`. A second signal ends the program at once. */
export function untilStopped(): { readonly promise: Promise<void>; stop(): void } {
  let stop = () => {};
  const promise = new Promise<void>((resolve) => {
    stop = resolve;
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  return { promise, stop };
}
