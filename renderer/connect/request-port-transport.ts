import { isPortAnswer, portRequest } from '../../shared/ipc/port-handover.ts';
import type { Transport } from '../../shared/ipc/transport.ts';
import type { OpenedTransport } from './opened-transport.ts';

/**
 * Asks the preload script for the port to Electron's main process. The nonce ties the answer to this very request, so
 * that nothing else posted to the window can pass for the host.
 */
export function requestPortTransport(): Promise<OpenedTransport> {
  const nonce = crypto.randomUUID();
  return new Promise((resolve) => {
    const receive = (event: MessageEvent<unknown>) => {
      const port = event.ports[0];
      if (event.source !== window || !isPortAnswer(event.data, nonce) || !port) return;
      window.removeEventListener('message', receive);
      resolve({ ok: true, transport: carryOverPort(port), refusal: () => undefined });
    };
    window.addEventListener('message', receive);
    window.postMessage(portRequest(nonce), location.origin);
  });
}

/** A MessagePort of the browser as a transport. */
export function carryOverPort(port: MessagePort): Transport {
  return {
    send: (frame) => port.postMessage(frame),
    onFrame: (listener) => {
      port.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (data instanceof Uint8Array) listener(data);
        else port.close();
      };
    },
    onClose: (listener) => port.addEventListener('close', listener),
    close: () => port.close(),
  };
}
