import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { maxFrameBytes } from '../../shared/ipc/frame.ts';
import { grantedPath } from '../../shared/ipc/granted-bytes.ts';
import { busyCloseCode, socketProtocol, tokenFromProtocols } from '../../shared/ipc/socket-protocol.ts';
import type { Host } from '../host/create-host.ts';
import { pageHeaders } from '../host/page-headers.ts';
import { servePageFile } from '../host/serve-page-file.ts';
import { carryOverSocket } from './carry-over-socket.ts';
import { createEntrance } from './create-entrance.ts';
import { createIdleWatch } from './create-idle-watch.ts';
import { equalSecrets } from './equal-secrets.ts';
import { isOwnHost, isOwnOrigin } from './is-own-request.ts';
import { asksForGranted, sendGranted } from './send-granted.ts';

export interface LoopbackOptions {
  readonly host: Host;
  /** The folder of the built page. */
  readonly page: string;
  /** 0 for any free port. */
  readonly port: number;
  /** More than one window at a time. */
  readonly shared: boolean;
  /** Called when no window has been connected for `idleMs`. */
  readonly onIdle?: { readonly ms: number; readonly call: () => void };
}

export interface Loopback {
  /** The address with its token, for the person who started the program and nobody else. */
  readonly address: string;
  /** An address that leads to the page once, for a browser that is started with it on its command line. */
  createEntrance(): string;
  close(): Promise<void>;
}

const heartbeatMs = 15_000;
/** Any program of the machine may connect and say nothing: it gets no more descriptors than what is recorded can spare. */
const mostConnections = 256;

/**
 * Serves the page and the contract to this machine alone.
 *
 * Any program of the machine, and any page in any browser on it, can reach a loopback port. So: the name it was called
 * by must be its own (DNS rebinding), the page that calls must be its own (cross-site requests), and whoever opens the
 * WebSocket must know the token. The files of the page are no secret; everything else goes through the WebSocket, but for
 * bytes that were granted through it.
 *
 * Errors: rejects with the system's error when the port is taken.
 */
export async function startLoopback({ host, page, port, shared, onIdle }: LoopbackOptions): Promise<Loopback> {
  const token = randomBytes(32).toString('base64url');
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxFrameBytes,
    perMessageDeflate: false,
    handleProtocols: () => socketProtocol,
  });
  const http = createServer((request, response) => void answer(request, response));
  http.on('upgrade', upgrade);
  http.maxConnections = mostConnections;
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, '127.0.0.1', resolve);
  });
  const { port: actualPort } = http.address() as AddressInfo;
  const origin = `http://127.0.0.1:${actualPort}`;
  const entrance = createEntrance(actualPort);
  const idle = onIdle && createIdleWatch(onIdle.ms, onIdle.call);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refuse = (status: number, why: string) =>
      response.writeHead(status, { ...pageHeaders, 'content-type': 'text/plain; charset=utf-8' }).end(`${why}\n`);
    if (!isOwnHost(request, actualPort)) return void refuse(403, wrongName);
    if (request.headers.origin !== undefined && !isOwnOrigin(request, actualPort)) return void refuse(403, wrongOrigin);
    if (request.method !== 'GET' && request.method !== 'HEAD') return void refuse(405, 'Only GET is answered here.');
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (entrance.isEntrance(path)) {
      if (!(await entrance.admit(path, request.socket))) return void refuse(403, usedUp);
      return void response.writeHead(303, { ...pageHeaders, location: `/#token=${token}` }).end();
    }
    if (path === grantedPath) {
      if (!asksForGranted(request) || !(await sendGranted(request, response, host.grants))) refuse(403, notGranted);
      return;
    }
    const { status, headers, body } = await servePageFile(page, path);
    response.writeHead(status, { ...headers, 'content-length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const given = tokenFromProtocols(request.headers['sec-websocket-protocol'] ?? '');
    const trusted = isOwnHost(request, actualPort) && isOwnOrigin(request, actualPort) && equalSecrets(given, token);
    if (!trusted) {
      // Nobody else listens to this socket any more: whoever asked may be gone already, or never go.
      socket.on('error', () => socket.destroy());
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n', () => socket.destroy());
      return;
    }
    sockets.handleUpgrade(request, socket, head, admit);
  }

  function admit(socket: WebSocket): void {
    const others = [...sockets.clients].filter((other) => other !== socket && other.readyState === other.OPEN);
    if (!shared && others.length > 0) {
      // It is nobody's transport, and may still send what is no frame.
      socket.on('error', () => socket.terminate());
      socket.close(busyCloseCode, 'another window is connected');
      return;
    }
    host.connect(carryOverSocket(socket, heartbeatMs));
    idle?.enter();
    socket.on('close', () => idle?.leave());
  }

  return {
    address: `${origin}/#token=${token}`,
    createEntrance: () => origin + entrance.create(),
    async close() {
      idle?.end();
      for (const socket of sockets.clients) socket.terminate();
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      http.closeAllConnections();
      await closed;
    },
  };
}

const wrongName =
  'Open the address that ModShark printed. When it is forwarded, the port must be the same at both ends.';
const wrongOrigin = 'Another page may not ask here.';
const notGranted = 'What was granted is given once, to the page that it was granted to.';
const usedUp = 'This address was good once. Start ModShark again, or open the address that it printed.';
