import { readChains, readFlowtables, readObjects, readRules, readSets } from './read-packet-filter.ts';
import { readActions, readFilters, readLinks, readQueues } from './read-traffic.ts';
import type { NetworkFact } from './system-snapshot.ts';

/** Answers of one network namespace, by what was asked. */
export interface NetworkAnswers {
  readonly pid: number;
  readonly answers: ReadonlyMap<string, string>;
}

/** The packet filter and traffic control of the namespaces that were asked, a namespace in each step. */
export function* readNetworks(networks: ReadonlyMap<number, NetworkAnswers>): Generator<void, NetworkFact[]> {
  const found: NetworkFact[] = [];
  for (const [namespace, { pid, answers }] of networks) {
    const answer = (what: string) => answers.get(what) ?? '';
    const links = readLinks(answer('links'));
    found.push({
      namespace,
      pid: pid === 0 ? undefined : pid,
      queues: readQueues(answer('queues'), links),
      filters: readFilters(answer('filters'), links),
      actions: readActions(answer('actions')),
      chains: readChains(answer('chains')),
      rules: readRules(answer('rules')),
      objects: readObjects(answer('objects')),
      flowtables: readFlowtables(answer('flowtables')),
      sets: readSets(answer('sets')),
    });
    yield;
  }
  return found;
}
