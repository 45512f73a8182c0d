import { EventEmitter } from 'node:events';

/** `MessagePortMain`: messages wait until `start`; the other end may have been moved to the page. */
export class StandinPort extends EventEmitter {
  #peer: StandinPort | undefined;
  #started = false;
  #closed = false;
  #waiting: unknown[] = [];
  /** Set when this end was moved to the page. */
  #moved: { send(data: unknown): void; close(): void } | undefined;

  static pair(): { port1: StandinPort; port2: StandinPort } {
    const port1 = new StandinPort();
    const port2 = new StandinPort();
    port1.#peer = port2;
    port2.#peer = port1;
    return { port1, port2 };
  }

  postMessage(data: unknown): void {
    if (!this.#closed) this.#peer?.receive(structuredClone(data));
  }

  start(): void {
    this.#started = true;
    for (const data of this.#waiting.splice(0)) this.#announce(data);
  }

  close(): void {
    this.#end();
    if (this.#peer) this.#peer.#end();
  }

  /** Ties this end to the page; what waited goes along. */
  moveTo(page: { send(data: unknown): void; close(): void }): void {
    this.#moved = page;
    for (const data of this.#waiting.splice(0)) page.send(data);
  }

  /** What the page's end sent. */
  sendAsPage(data: unknown): void {
    this.#peer?.receive(data);
  }

  receive(data: unknown): void {
    if (this.#closed) return;
    if (this.#moved) this.#moved.send(data);
    else if (this.#started) this.#announce(data);
    else this.#waiting.push(data);
  }

  #announce(data: unknown): void {
    setImmediate(() => {
      if (!this.#closed) this.emit('message', { data, ports: [] });
    });
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#moved?.close();
    setImmediate(() => this.emit('close'));
  }
}
