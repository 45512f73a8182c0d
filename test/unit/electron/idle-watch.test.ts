import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createIdleWatch } from '../../../electron/loopback/create-idle-watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('when nobody comes, it is idle after its time', () => {
  const idle = vi.fn();
  createIdleWatch(1000, idle);
  vi.advanceTimersByTime(999);
  expect(idle).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(idle).toHaveBeenCalledOnce();
});

test('while somebody is there it is not; its time begins again when the last has left', () => {
  const idle = vi.fn();
  const watch = createIdleWatch(1000, idle);
  watch.enter();
  watch.enter();
  watch.leave();
  vi.advanceTimersByTime(10_000);
  watch.leave();
  vi.advanceTimersByTime(999);
  watch.enter();
  vi.advanceTimersByTime(10_000);
  expect(idle).not.toHaveBeenCalled();
  watch.leave();
  vi.advanceTimersByTime(1000);
  expect(idle).toHaveBeenCalledOnce();
});

test('after its end it is silent', () => {
  const idle = vi.fn();
  createIdleWatch(1000, idle).end();
  vi.advanceTimersByTime(10_000);
  expect(idle).not.toHaveBeenCalled();
});
