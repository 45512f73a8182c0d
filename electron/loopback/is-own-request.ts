import type { IncomingMessage } from 'node:http';

/** Whether it was called by its own name: a name that someone else's DNS leads here is refused (DNS rebinding). */
export function isOwnHost(request: IncomingMessage, port: number): boolean {
  return ownNames(port).includes(request.headers.host ?? '');
}

/** Whether its own page asks: any page of the web may send requests to a loopback port (cross-site requests). */
export function isOwnOrigin(request: IncomingMessage, port: number): boolean {
  return ownNames(port).some((name) => request.headers.origin === `http://${name}`);
}

function ownNames(port: number): readonly string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`];
}
