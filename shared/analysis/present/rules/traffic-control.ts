import type { FilterFact, NetworkFact } from '../../../snapshot/system-snapshot.ts';
import type { SnapshotIndex } from '../index-snapshot.ts';
import { quoteShell } from '../quote-shell.ts';
import { type Found, keyOf, type ReferenceRule } from '../reference-rule.ts';
import { countOne } from './count-one.ts';
import { inNetwork } from './in-network.ts';

const filterId = 'traffic-filter';

function* findQueues(index: SnapshotIndex): Generator<Found> {
  for (const network of index.snapshot.networks) {
    const words = inNetwork(index, network);
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
        ways: [
          {
            title: `Delete the ${isEnd ? kind : 'root'} queueing discipline of ${device}`,
            command: words.command(`tc qdisc del dev ${quoteShell(device)} ${isEnd ? kind : 'root'}`),
            consequence: 'its classes, filters and actions go with it',
          },
        ],
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
      const { kind, device, block, parent, chain, preference, matches } = filter;
      const counts = [
        ...countOne(index.module(`cls_${kind}`)),
        ...matches.flatMap((match) => countOne(index.module(`em_${match}`))),
      ];
      if (counts.length === 0) continue;
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

function* findActions(index: SnapshotIndex): Generator<Found> {
  for (const network of index.snapshot.networks) {
    const words = inNetwork(index, network);
    for (const { kind, index: number, references, bindings } of network.actions) {
      const module = index.module(`act_${kind}`);
      if (module === undefined) continue;
      const users = network.filters.filter(({ actions }) =>
        actions.some((action) => action.kind === kind && action.index === number),
      );
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
        after: users.map((filter) => keyOf({ id: filterId }, keyOfFilter(network, filter))),
        // One that a filter made goes with it.
        ways:
          references <= bindings && users.length > 0
            ? []
            : [
                {
                  title: `Delete the action ${kind} ${number}`,
                  command: words.command(`tc actions del action ${quoteShell(kind)} index ${number}`),
                  consequence: '',
                },
              ],
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
