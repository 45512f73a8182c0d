import { type IpcMainEvent, ipcMain, MessageChannelMain, type MessagePortMain, type WebContents } from 'electron';
import { askForPortChannel, hereIsPortChannel } from '../../shared/ipc/port-handover.ts';
import type { Transport } from '../../shared/ipc/transport.ts';
import type { Host } from '../host/create-host.ts';
import { pageHost, pageScheme } from './serve-page.ts';

/** Gives the page a port to the host when its preload script asks, once for each load of the page, until it is gone. */
export function handOverPort(contents: WebContents, host: Host): void {
  let current: MessagePortMain | undefined;
  const answer = (event: IpcMainEvent, nonce: unknown) => {
    const frame = event.senderFrame;
    if (!frame || !isOwnPage(event, contents) || typeof nonce !== 'string') return;
    current?.close();
    const { port1, port2 } = new MessageChannelMain();
    current = port1;
    host.connect(carryOverPort(port1));
    frame.postMessage(hereIsPortChannel, nonce, [port2]);
  };
  ipcMain.on(askForPortChannel, answer);
  contents.once('destroyed', () => {
    ipcMain.off(askForPortChannel, answer);
    current?.close();
  });
}

/** Whether the sender is the page itself, in the window's main frame. */
function isOwnPage({ sender, senderFrame }: IpcMainEvent, contents: WebContents): boolean {
  if (sender !== contents || senderFrame === null || senderFrame.parent !== null) return false;
  const { protocol, host } = new URL(senderFrame.url);
  return protocol === `${pageScheme}:` && host === pageHost;
}

/** A port of the main process as a transport. Between processes bytes are copied, never moved. */
function carryOverPort(port: MessagePortMain): Transport {
  return {
    send: (frame) => port.postMessage(frame),
    onFrame: (listener) => {
      port.on('message', ({ data }: { data: unknown }) => {
        if (data instanceof Uint8Array) listener(data);
        else port.close();
      });
      port.start();
    },
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  };
}
