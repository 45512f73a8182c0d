/** The WebSocket subprotocol of the loopback host; the only one it ever answers with. */
export const socketProtocol = 'modshark.v1';

/** Close code: another window is connected already. 4000–4999 are the application's own (RFC 6455 §7.4.2). */
export const busyCloseCode = 4409;

const prefix = 'token.';

/** A page cannot set headers on a WebSocket, so the token travels as a second offered subprotocol. */
export function tokenProtocol(token: string): string {
  return prefix + token;
}

/** The token among the offered subprotocols of a `Sec-WebSocket-Protocol` header; empty when there is none. */
export function tokenFromProtocols(header: string): string {
  const offered = header.split(',').map((protocol) => protocol.trim());
  if (!offered.includes(socketProtocol)) return '';
  return offered.find((protocol) => protocol.startsWith(prefix))?.slice(prefix.length) ?? '';
}
