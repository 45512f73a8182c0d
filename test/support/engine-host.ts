import { MessageChannel as NodeChannel } from 'node:worker_threads';
import { expose } from 'comlink';
import { createEngine, type EngineOptions } from '../../renderer/ingest/engine.ts';
import type { EngineHost } from '../../renderer/ingest/open-recording.ts';

/** A worker's two ends without the worker: the engine sits on the other side of a message channel. */
export function createHost(options: EngineOptions = {}) {
  const { port1, port2 } = new NodeChannel() as unknown as MessageChannel;
  const engine = createEngine(options);
  let chunks = 0;
  expose(
    {
      ...engine,
      push: (chunk: Uint8Array) => {
        chunks++;
        return engine.push(chunk);
      },
    },
    port1,
  );
  port1.start();
  port2.start();
  const listeners = new EventTarget();
  let ended = false;
  const host = {
    postMessage: port2.postMessage.bind(port2),
    addEventListener: (type: string, listener: EventListener) =>
      type === 'error' ? listeners.addEventListener(type, listener) : port2.addEventListener(type, listener),
    removeEventListener: (type: string, listener: EventListener) => port2.removeEventListener(type, listener),
    terminate: () => {
      ended = true;
      port1.close();
      port2.close();
    },
  } as unknown as EngineHost;
  return { host, die: () => listeners.dispatchEvent(new Event('error')), chunks: () => chunks, ended: () => ended };
}
