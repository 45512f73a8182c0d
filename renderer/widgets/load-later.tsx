import { type ComponentType, lazy, Suspense, useLayoutEffect } from 'react';
import { beginWork } from '../state/activity.ts';

/**
 * A component whose code is loaded when the window has nothing else to do, or when it is first shown: for what is heavy
 * and not there from the start, as the charts with their library.
 */
export function loadLater<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const Loaded = lazy(async () => ({ default: await load() }));
  // It is not said twice that it cannot be loaded: showing it does.
  requestIdleCallback(() => load().catch(() => {}));
  // biome-ignore lint/correctness/noComponentHookFactories: called once for each, where a module defines it
  return function LoadedLater(props: Props) {
    return (
      <Suspense fallback={<Loading />}>
        <Loaded {...props} />
      </Suspense>
    );
  };
}

function Loading() {
  useLayoutEffect(() => beginWork(), []);
  return null;
}
