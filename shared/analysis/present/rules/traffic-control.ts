import type { ActionFact, FilterFact, NetworkFact } from '../../../snapshot/system-snapshot.ts';
import type { SnapshotIndex } from '../index-snapshot.ts';
import type { ReleaseWay } from '../present-accounting.ts';
import { quoteShell } from '../quote-shell.ts';
import { type Found, keyOf, type ReferenceRule } from '../reference-rule.ts';
import { countOne } from './count-one.ts';
import { inNetwork, type NetworkWords } from './in-network.ts';

const filterId = 'traffic-filter';

/** TC_H_ROOT; and the handle of what was made unasked. */
const [ROOT, UNASKED] = ['ffff:ffff', '0:'];

/** The kernel deletes nothing that it made unasked (tc_get_qdisc), and makes it again where what was asked for goes. */
function wayToEnd(kind: string, device: string, isUnasked: boolean, words: NetworkWords): ReleaseWay {
  const dev = `dev ${quoteShell(device)}`;
  if (kind === 'ingress' || kind === 'clsact')
    return {
      title: `Delete the ${kind} queueing discipline of ${device}`,
      command: words.command(`tc qdisc del ${dev} ${kind}`),
      consequence: 'its filters and actions go with it',
    };
  if (isUnasked)
    return {
      title: `Use a plain queueing discipline on ${device}`,
      command: words.command(`tc qdisc replace ${dev} root pfifo_fast`),
      consequence: 'what is sent there waits in one queue',
    };
  return {
    title: `Delete the root queueing discipline of ${device}`,
    command: words.command(`tc qdisc del ${dev} root`),
    consequence: 'its classes, filters and actions go with it; the default takes its place',
  };
}

function* findQueues(index: SnapshotIndex): Generator<Found> {
  for (const network of index.snapshot.networks) {
    const words = inNetwork(index, network);
    const roots = network.queues.filter(({ parent, handle }) => parent === ROOT && handle === UNASKED);
    const unasked = new Set(roots.map(({ device }) => device));
    for (const { kind, device, handle, parent } of network.queues) {
      const isEnd = kind === 'ingress' || kind === 'clsact';
      const counts = countOne(index.module(isEnd ? 'sch_ingress' : `sch_${kind}`));
      if (counts.length === 0) continue;
      yield {
        thing: `qdisc ${words.key}${kind} ${device} ${handle} ${parent}`,
        name: `${kind} on ${device}`,
        object: `qdisc ${kind} on ${device}${words.where}`,
        pids: [],
        counts,
        evidence: [`the kernel lists ${kind} on ${device}${words.where}`],
        ways: [wayToEnd(kind, device, unasked.has(device), words)],
      };
    }
  }
}

function keyOfFilter(network: NetworkFact, filter: FilterFact): string {
  const { kind, device, block, parent, chain, preference, protocol } = filter;
  return `${network.namespace} ${kind} ${block ?? device} ${parent} ${chain} ${preference} ${protocol}`;
}

function* findFilters(index: SnapshotIndex): Generator<Found> {
  for (const network of index.snapshot.networks) {
    const words = inNetwork(index, network);
    for (const filter of network.filters) {
      const { kind, device, block, parent, chain, preference, actions, matches } = filter;
      const counts = [
        ...countOne(index.module(`cls_${kind}`)),
        ...matches.flatMap((match) => countOne(index.module(`em_${match}`))),
      ];
      // One of a classifier that is built in must go before its actions all the same.
      if (counts.length === 0 && actions.length === 0) continue;
      const place = block === undefined ? device : `block ${block}`;
      const where = block === undefined ? `dev ${quoteShell(device)} parent ${parent}` : `block ${block}`;
      const which = `${chain === 0 ? '' : ` chain ${chain}`} pref ${preference}`;
      yield {
        thing: keyOfFilter(network, filter),
        name: `${kind} on ${place}`,
        object: `filter ${kind} on ${place}, pref ${preference}${words.where}`,
        pids: [],
        counts,
        evidence: [`the kernel lists a filter ${kind} of pref ${preference} on ${place} ${parent}${words.where}`],
        ways: [
          {
            title: `Delete the filters of pref ${preference} on ${place}`,
            command: words.command(`tc filter del ${where}${which}`),
            consequence: 'traffic is no longer sorted by them',
          },
        ],
      };
    }
  }
}

/** @param use how often it is counted on, how often of these by filters, and by how many of the filters that were seen */
function waysToDelete(
  kind: string,
  number: number,
  { references, bindings, seen }: Pick<ActionFact, 'references' | 'bindings'> & { readonly seen: number },
  words: NetworkWords,
): readonly ReleaseWay[] {
  if (seen < bindings) {
    const title = `Delete the other filters that use the action ${kind} ${number}, which were not seen`;
    return [{ title, command: undefined, consequence: '' }];
  }
  // One that a filter made goes with it.
  if (references <= bindings && seen > 0) return [];
  const command = words.command(`tc actions del action ${quoteShell(kind)} index ${number}`);
  return [{ title: `Delete the action ${kind} ${number}`, command, consequence: '' }];
}

/** Keys of the filters that use each action, once for every time that they do. */
function filtersByAction(network: NetworkFact): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const filter of network.filters) {
    const user = keyOf({ id: filterId }, keyOfFilter(network, filter));
    for (const { kind, index } of filter.actions) {
      const users = found.get(`${kind} ${index}`);
      if (users === undefined) found.set(`${kind} ${index}`, [user]);
      else users.push(user);
    }
  }
  return found;
}

function* findActions(index: SnapshotIndex): Generator<Found> {
  for (const network of index.snapshot.networks) {
    const words = inNetwork(index, network);
    const usersOf = filtersByAction(network);
    for (const { kind, index: number, references, bindings } of network.actions) {
      const module = index.module(`act_${kind}`);
      if (module === undefined) continue;
      const users = usersOf.get(`${kind} ${number}`) ?? [];
      yield {
        thing: `${words.key}${kind} ${number}`,
        name: `${kind} ${number}`,
        object: `action ${kind} ${number}${words.where}`,
        pids: [],
        // Connection tracking keeps a table of its own for each zone, which counts once more.
        counts: [{ module, references: 1, ...(kind === 'ct' ? { more: 1 } : {}), confidence: 'certain' }],
        evidence: [
          `the kernel lists the action ${kind} ${number}, ${bindings === 1 ? 'of 1 filter' : `of ${bindings} filters`}${words.where}`,
        ],
        after: users,
        ways: waysToDelete(kind, number, { references, bindings, seen: users.length }, words),
      };
    }
  }
}

/** Queues, filters and actions of traffic control, of every namespace that was asked. */
export const trafficRules: readonly ReferenceRule[] = [
  {
    id: 'traffic-control',
    kind: 'tc-qdisc',
    meaning: 'Traffic control on an interface uses it.',
    release: 'Delete the queueing discipline.',
    source: 'qdisc_lookup_ops, qdisc_alloc',
    stage: 1,
    find: findQueues,
  },
  {
    id: filterId,
    kind: 'tc-filter',
    meaning: 'A filter sorts the traffic of an interface with it.',
    release: 'Delete the filter.',
    source: '__tcf_proto_lookup_ops, tcf_em_lookup',
    stage: 1,
    find: findFilters,
  },
  {
    id: 'traffic-action',
    kind: 'tc-action',
    meaning: 'Traffic control has an action of this kind, whether a filter uses it or not.',
    release: 'Delete the filters that use it, then the action.',
    source: 'tcf_idr_create',
    stage: 1,
    find: findActions,
  },
];
