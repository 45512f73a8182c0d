/**
 * How the page of Electron's window gets its port. Preload exposes nothing; both sides post to the window:
 *
 *     page ── request, nonce ──▶ preload ── ask ──▶ main
 *     page ◀── answer, nonce, port ── preload ◀── port ──┘
 */
const requestKind = 'modshark.port-request';
const answerKind = 'modshark.port-answer';

/** The two channels between preload and main. */
export const askForPortChannel = 'modshark.ask-for-port';
export const hereIsPortChannel = 'modshark.here-is-port';

export interface PortMessage {
  readonly kind: string;
  readonly nonce: string;
}

/** What the page posts to be given its port. */
export function portRequest(nonce: string): PortMessage {
  return { kind: requestKind, nonce };
}

/** What comes back with the port. */
export function portAnswer(nonce: string): PortMessage {
  return { kind: answerKind, nonce };
}

/** The nonce of a request; undefined for anything else that was posted. */
export function nonceOfPortRequest(data: unknown): string | undefined {
  return isPortMessage(data) && data.kind === requestKind ? data.nonce : undefined;
}

/** Whether something that was posted answers the request with this nonce. */
export function isPortAnswer(data: unknown, nonce: string): boolean {
  return isPortMessage(data) && data.kind === answerKind && data.nonce === nonce;
}

function isPortMessage(data: unknown): data is PortMessage {
  if (typeof data !== 'object' || data === null) return false;
  const { kind, nonce } = data as Record<string, unknown>;
  return typeof kind === 'string' && typeof nonce === 'string' && nonce.length <= 64;
}
