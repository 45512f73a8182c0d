import { expect, test } from 'vitest';
import { createClient } from '../../shared/ipc/client.ts';
import { createServer, type Handlers } from '../../shared/ipc/server.ts';
import { pairTransports } from '../support/pair-transports.ts';

/** The compiler is the judge: each `@ts-expect-error` fails the type check when there is no error under it. */
function wrongUses(handlers: Handlers): void {
  const [page, host] = pairTransports();
  const client = createClient(page);
  const server = createServer(host, handlers);
  // @ts-expect-error: nobody declared this request
  void client.request('trace.read', null);
  // @ts-expect-error: a path is no ticket
  void client.request('trace.open', { path: '/etc/passwd' });
  // @ts-expect-error: a field too many
  void client.request('trace.open', { ticket: 'A', path: '/etc/passwd' });
  // @ts-expect-error: this event has bytes
  server.emit('trace.chunk', { trace: 1, sequence: 0, last: true });
  // @ts-expect-error: this event has none
  server.emit('trace.failed', { trace: 1, problem: { what: '', why: '', remedy: '' } }, new Uint8Array(1));
  // @ts-expect-error: nobody declared this event
  server.emit('trace.begun', {});
  // @ts-expect-error: a handler is missing
  const missing: Handlers = { 'host.describe': handlers['host.describe'] };
  // @ts-expect-error: a handler that returns something else
  const wrong: Handlers = { ...handlers, 'settings.read': async () => ({ theme: 'pink' }) };
  createServer(host, { ...missing, ...wrong });
}

test('wrong uses of the contract do not compile', () => {
  expect(wrongUses).toBeTypeOf('function');
});
