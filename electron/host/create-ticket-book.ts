import { randomBytes } from 'node:crypto';
import { basename, dirname } from 'node:path';
import type { TraceOffer } from '../../shared/ipc/contract.ts';

/** What a ticket stands for. Only the host knows the path. */
export interface Ticketed {
  readonly path: string;
  readonly offer: TraceOffer;
}

/** Issues tickets for files, so that the page can name a file without naming a path. */
export interface TicketBook {
  issue(path: string, origin: TraceOffer['origin'], details: { bytes: number; about?: string }): TraceOffer;
  redeem(ticket: string): Ticketed | undefined;
}

const maxTickets = 4096;

/** A ticket stays good for as long as the book, and the same file from the same origin keeps its ticket. */
export function createTicketBook(): TicketBook {
  const byTicket = new Map<string, Ticketed>();
  const byFile = new Map<string, string>();
  return {
    issue(path, origin, { bytes, about }) {
      const file = `${origin}:${path}`;
      const ticket = byFile.get(file) ?? randomBytes(16).toString('base64url');
      const offer = {
        ticket,
        name: basename(path).slice(0, 255),
        about: (about ?? dirname(path)).slice(0, 4096),
        origin,
        bytes,
      };
      byFile.set(file, ticket);
      byTicket.set(ticket, { path, offer });
      if (byTicket.size > maxTickets) dropOldest();
      return offer;
    },
    redeem: (ticket) => byTicket.get(ticket),
  };

  function dropOldest(): void {
    for (const [ticket, { path, offer }] of byTicket) {
      byTicket.delete(ticket);
      byFile.delete(`${offer.origin}:${path}`);
      return;
    }
  }
}
