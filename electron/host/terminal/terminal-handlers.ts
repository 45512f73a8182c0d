import type { Handlers, HostServer } from '../../../shared/ipc/server.ts';
import type { terminalRequests } from '../../../shared/ipc/terminal-contract.ts';
import type { Terminals } from './create-terminals.ts';

/** The requests of one connection about its terminals; it can name no other's. */
export function terminalHandlers(
  terminals: Terminals,
  connection: () => HostServer,
): Pick<Handlers, keyof typeof terminalRequests> {
  const terminalOf = (terminal: number) => terminals.of(connection(), terminal);
  return {
    'terminal.attach': async ({ page }) => [...terminals.attach(connection(), page)],
    'terminal.open': (asked) => terminals.open(connection(), asked),
    'terminal.write': async ({ terminal, text }) => {
      if ((await terminalOf(terminal)?.write(text)) === false) throw new Error('too much waits to be read already');
      return null;
    },
    'terminal.resize': async ({ terminal, columns, rows }) => {
      terminalOf(terminal)?.resize(columns, rows);
      return null;
    },
    'terminal.acknowledge': async ({ terminal, bytes }) => {
      terminalOf(terminal)?.acknowledge(bytes);
      return null;
    },
    'terminal.close': async ({ terminal }) => {
      terminalOf(terminal)?.hangUp();
      return null;
    },
  };
}
