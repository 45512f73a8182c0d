import type { NetworkFact } from '../../../snapshot/system-snapshot.ts';
import type { SnapshotIndex } from '../index-snapshot.ts';
import { wordProcess } from '../name-process.ts';

/** How things of one network namespace are told of, and reached by commands. */
export interface NetworkWords {
  /** Before the key of a thing; empty in the own namespace. */
  readonly key: string;
  /** Behind the name of a thing. */
  readonly where: string;
  command(text: string): string;
}

/** The words for a namespace: commands in another are given by a process of it. */
export function inNetwork(index: SnapshotIndex, { namespace, pid }: NetworkFact): NetworkWords {
  if (pid === undefined) return { key: '', where: '', command: (text) => text };
  return {
    key: `${namespace} `,
    where: ` in the network of ${wordProcess(index.snapshot, pid)}`,
    command: (text) => `nsenter -t ${pid} -n ${text}`,
  };
}
