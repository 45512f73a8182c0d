import { createClient, type HostClient } from '../../shared/ipc/client.ts';
import type { Output } from '../../shared/ipc/contract.ts';
import type { Problem } from '../../shared/problem.ts';
import { openSocketTransport } from './open-socket-transport.ts';
import { requestPortTransport } from './request-port-transport.ts';
import { takeHostAddress } from './take-host-address.ts';

/** `none`: the page was opened without a host and works on dropped files alone. */
export type HostConnection =
  | { readonly kind: 'connected'; readonly client: HostClient; readonly host: Output<'host.describe'> }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** Finds the page's host by the address it was opened with, and asks what it is. */
export async function connectToHost(): Promise<HostConnection> {
  const address = takeHostAddress();
  if (address.kind === 'none') return address;
  const opened = address.kind === 'electron' ? await requestPortTransport() : await openSocketTransport(address.token);
  if (!opened.ok) return { kind: 'failed', problem: opened.problem };
  const client = createClient(opened.transport);
  try {
    return { kind: 'connected', client, host: await client.request('host.describe', null) };
  } catch (error) {
    return { kind: 'failed', problem: opened.refusal() ?? describeFailure(error) };
  }
}

function describeFailure(error: unknown): Problem {
  return {
    what: 'ModShark’s host gave no answer.',
    why: error instanceof Error ? error.message : String(error),
    remedy: 'Start ModShark again. Files can still be dropped on this window.',
  };
}
