import type { Transport } from '../../shared/ipc/transport.ts';

/** Two transports joined in memory: what one sends, the other receives a moment later. Either closes both. */
export function pairTransports(): readonly [Transport, Transport] {
  const left = createEnd();
  const right = createEnd();
  return [joinEnd(left, right), joinEnd(right, left)];
}

interface End {
  readonly waiting: Uint8Array[];
  readonly closeListeners: (() => void)[];
  listener: ((frame: Uint8Array) => void) | undefined;
  open: boolean;
}

function createEnd(): End {
  return { waiting: [], closeListeners: [], listener: undefined, open: true };
}

function joinEnd(near: End, far: End): Transport {
  return {
    send(frame) {
      if (!near.open) return;
      const copy = frame.slice();
      queueMicrotask(() => receive(far, copy));
    },
    onFrame(listener) {
      near.listener = listener;
      for (const frame of near.waiting.splice(0)) listener(frame);
    },
    onClose: (listener) => void near.closeListeners.push(listener),
    close() {
      queueMicrotask(() => {
        end(near);
        end(far);
      });
    },
  };
}

function receive(end: End, frame: Uint8Array): void {
  if (!end.open) return;
  if (end.listener) end.listener(frame);
  else end.waiting.push(frame);
}

function end(side: End): void {
  if (!side.open) return;
  side.open = false;
  for (const listener of side.closeListeners) listener();
}
