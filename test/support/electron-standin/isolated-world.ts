/** The names under which the page's isolated world and the stand-in find each other. */
export const worldName = 'ElectronIsolated';
export const sendBinding = '__standinSend';
export const deliverFunction = '__standinDeliver';

/** What crosses the DevTools connection, as JSON. */
export type ToMain =
  | { readonly kind: 'send'; readonly channel: string; readonly args: readonly unknown[] }
  | { readonly kind: 'port-message'; readonly port: string; readonly data: PortData }
  | { readonly kind: 'port-closed'; readonly port: string }
  | { readonly kind: 'preload-error'; readonly message: string };
export type ToPage =
  | { readonly kind: 'message'; readonly channel: string; readonly message: unknown; readonly ports: readonly string[] }
  | { readonly kind: 'port-message'; readonly port: string; readonly data: PortData }
  | { readonly kind: 'port-close'; readonly port: string };
/** Bytes as base64, or anything else that JSON can say. */
export type PortData = { readonly base64: string } | { readonly json: unknown };

/** The script that gives a preload its `electron`, in a world of its own, before any script of the page. */
export function isolatedWorldScript(preload: string): string {
  const run = `(require, module, exports, process) => { ${preload}\n}`;
  return `if (window === top) (${isolatedWorld})(${run}, ${JSON.stringify(sendBinding)}, ${JSON.stringify(deliverFunction)});`;
}

type Listener = (event: { ports: MessagePort[] }, message: unknown) => void;

/** Runs in the page: its text is sent there, so it refers to nothing outside itself. */
function isolatedWorld(
  runPreload: (require: (name: string) => unknown, module: object, exports: object, process: object) => void,
  sendName: string,
  deliverName: string,
): void {
  const world = globalThis as unknown as Record<string, (text: string) => void>;
  const send = (message: ToMain) => world[sendName]?.(JSON.stringify(message));
  const listeners = new Map<string, Listener[]>();
  const ports = new Map<string, MessagePort>();

  const encode = (data: unknown): PortData => {
    if (!(data instanceof Uint8Array)) return { json: data };
    let binary = '';
    for (let at = 0; at < data.length; at += 32768) binary += String.fromCharCode(...data.subarray(at, at + 32768));
    return { base64: btoa(binary) };
  };
  const decode = (data: PortData): unknown =>
    'base64' in data ? Uint8Array.from(atob(data.base64), (char) => char.charCodeAt(0)) : data.json;

  /** One end goes to the page, the other is tied to the main process's port of this name. */
  const openPort = (name: string): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    ports.set(name, port1);
    port1.onmessage = ({ data }) => send({ kind: 'port-message', port: name, data: encode(data) });
    port1.addEventListener('close', () => send({ kind: 'port-closed', port: name }));
    return port2;
  };

  world[deliverName] = (text) => {
    const given = JSON.parse(text) as ToPage;
    if (given.kind === 'port-message') ports.get(given.port)?.postMessage(decode(given.data));
    else if (given.kind === 'port-close') ports.get(given.port)?.close();
    else {
      const event = { ports: given.ports.map(openPort) };
      for (const listener of listeners.get(given.channel) ?? []) listener(event, given.message);
    }
  };

  const ipcRenderer = {
    on(channel: string, listener: Listener) {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
    },
    send: (channel: string, ...args: unknown[]) => send({ kind: 'send', channel, args }),
  };
  const require = (name: string) => {
    if (name === 'electron') return { ipcRenderer };
    throw new Error(`module not found: ${name}`);
  };
  try {
    const module = { exports: {} };
    runPreload(require, module, module.exports, { type: 'renderer', sandboxed: true, contextIsolated: true });
  } catch (error) {
    send({ kind: 'preload-error', message: String(error) });
  }
}
