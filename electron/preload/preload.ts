import { type IpcRendererEvent, ipcRenderer } from 'electron';
import {
  askForPortChannel,
  hereIsPortChannel,
  nonceOfPortRequest,
  portAnswer,
} from '../../shared/ipc/port-handover.ts';

/**
 * Hands the page its port to the host, and nothing else: no function of Electron is exposed. The page's request and the
 * answer are messages on the window; see `shared/ipc/port-handover.ts`.
 */
window.addEventListener('message', (event: MessageEvent<unknown>) => {
  if (event.source !== window || event.origin !== location.origin) return;
  const nonce = nonceOfPortRequest(event.data);
  if (nonce !== undefined) ipcRenderer.send(askForPortChannel, nonce);
});

ipcRenderer.on(hereIsPortChannel, (event: IpcRendererEvent, nonce: string) => {
  window.postMessage(portAnswer(nonce), location.origin, [...event.ports]);
});
