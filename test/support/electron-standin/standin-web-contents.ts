import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { CDPSession, Page } from 'playwright-core';
import {
  deliverFunction,
  isolatedWorldScript,
  type PortData,
  sendBinding,
  type ToMain,
  type ToPage,
  worldName,
} from './isolated-world.ts';
import type { StandinPort } from './standin-ports.ts';
import { toAppUrl } from './standin-urls.ts';

/** What `ipcMain` is told of a sender. */
export interface StandinFrame {
  readonly url: string;
  readonly parent: null;
  postMessage(channel: string, message: unknown, ports?: readonly StandinPort[]): void;
}

/** `webContents`, as far as it is the way to the page: messages and ports over the DevTools connection. */
export class StandinWebContents extends EventEmitter {
  openHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });
  readonly #ipcMain: EventEmitter;
  readonly #ports = new Map<string, StandinPort>();
  #page: Page | undefined;
  #devtools: CDPSession | undefined;
  #context: number | undefined;
  #nextPort = 1;

  constructor(ipcMain: EventEmitter) {
    super();
    this.#ipcMain = ipcMain;
  }

  /** Installs the preload script in the page before anything is loaded into it. */
  async attach(page: Page, preload: string): Promise<void> {
    const devtools = await page.context().newCDPSession(page);
    this.#page = page;
    this.#devtools = devtools;
    const { frameTree } = await devtools.send('Page.getFrameTree');
    devtools.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === worldName && context.auxData?.['frameId'] === frameTree.frame.id) this.#context = context.id;
    });
    devtools.on('Runtime.executionContextsCleared', () => this.#forgetPage());
    devtools.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      if (name === sendBinding && executionContextId === this.#context) this.#receive(JSON.parse(payload) as ToMain);
    });
    await devtools.send('Runtime.enable');
    await devtools.send('Page.enable');
    await devtools.send('Runtime.addBinding', { name: sendBinding, executionContextName: worldName });
    await devtools.send('Page.addScriptToEvaluateOnNewDocument', {
      worldName,
      source: isolatedWorldScript(readFileSync(preload, 'utf8')),
    });
    page.on('close', () => this.#forgetPage());
  }

  get mainFrame(): StandinFrame {
    return {
      url: toAppUrl(this.#page?.url() ?? ''),
      parent: null,
      postMessage: (channel, message, ports = []) => {
        const names = ports.map((port) => this.#movePort(port));
        this.#deliver({ kind: 'message', channel, message, ports: names });
      },
    };
  }

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }

  reload(): void {
    void this.#page?.reload();
  }

  #movePort(port: StandinPort): string {
    const name = `port-${this.#nextPort++}`;
    this.#ports.set(name, port);
    port.moveTo({
      send: (data) => this.#deliver({ kind: 'port-message', port: name, data: encodePortData(data) }),
      close: () => this.#deliver({ kind: 'port-close', port: name }),
    });
    return name;
  }

  #deliver(message: ToPage): void {
    if (this.#context === undefined) return;
    const call = this.#devtools?.send('Runtime.callFunctionOn', {
      functionDeclaration: `(text) => ${deliverFunction}(text)`,
      arguments: [{ value: JSON.stringify(message) }],
      executionContextId: this.#context,
    });
    // The page may have gone while this was on its way, as a process may.
    call?.catch(() => {});
  }

  #receive(message: ToMain): void {
    if (message.kind === 'port-message') this.#ports.get(message.port)?.sendAsPage(decodePortData(message.data));
    else if (message.kind === 'port-closed') this.#ports.get(message.port)?.close();
    else if (message.kind === 'preload-error') this.emit('preload-error', {}, 'preload', new Error(message.message));
    else this.#ipcMain.emit(message.channel, { sender: this, senderFrame: this.mainFrame }, ...message.args);
  }

  #forgetPage(): void {
    this.#context = undefined;
    for (const port of this.#ports.values()) port.close();
    this.#ports.clear();
  }
}

function encodePortData(data: unknown): PortData {
  return data instanceof Uint8Array ? { base64: Buffer.from(data).toString('base64') } : { json: data };
}

function decodePortData(data: PortData): unknown {
  return 'base64' in data ? new Uint8Array(Buffer.from(data.base64, 'base64')) : data.json;
}
