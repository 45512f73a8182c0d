import type { Transport } from '../../shared/ipc/transport.ts';
import type { Problem } from '../../shared/problem.ts';

/** What came of opening a transport. */
export type OpenedTransport =
  | {
      readonly ok: true;
      readonly transport: Transport;
      /** Why the host hung up, where it said so. */
      refusal(): Problem | undefined;
    }
  | { readonly ok: false; readonly problem: Problem };
