import {
  indexAttributes,
  readAttributes,
  readMessages,
  readString,
  readUnsigned,
  withoutRepeats,
} from './read-netlink.ts';
import type { ActionFact, FilterFact, QueueFact } from './system-snapshot.ts';

/** Of struct tcmsg and struct ifinfomsg, linux/rtnetlink.h. */
const TRAFFIC_HEADER = 20;
const LINK_HEADER = 16;
const ACTION_HEADER = 4;
const LINK_NAME = 3;
const [KIND, OPTIONS, CHAIN] = [1, 2, 11];
const ACTION_TABLE = 1;
/** TCM_IFINDEX_MAGIC_BLOCK: the parent is the number of a block that devices share. */
const SHARED_BLOCK = 0xffffffff;

/** Where each classifier has its actions, and its matches by module. Source: linux/pkt_cls.h, TCA_…_ACT, TCA_…_EMATCHES. */
const layouts: ReadonlyMap<string, { readonly actions: number; readonly matches?: number }> = new Map(
  Object.entries({
    basic: { actions: 3, matches: 2 },
    bpf: { actions: 1 },
    cgroup: { actions: 1, matches: 3 },
    flow: { actions: 9, matches: 11 },
    flower: { actions: 3 },
    fw: { actions: 4 },
    matchall: { actions: 2 },
    route: { actions: 6 },
    rsvp: { actions: 6 },
    rsvp6: { actions: 6 },
    tcindex: { actions: 7 },
    u32: { actions: 7 },
  }),
);

/** RTM_NEW… of linux/rtnetlink.h; actions are told under the type of the question. */
const NEW_LINK = 16;
const NEW_QUEUE = 36;
const NEW_FILTER = 44;

/** TCF_EM_… of linux/pkt_cls.h. */
const matchKinds = ['container', 'cmp', 'nbyte', 'u32', 'meta', 'text', 'vlan', 'canid', 'ipset', 'ipt'];

/** Where an action has what is common to all: TCA_…_PARMS of linux/tc_act. */
const oddParameters: ReadonlyMap<string, number> = new Map(
  Object.entries({ police: 1, csum: 1, nat: 1, connmark: 1, ct: 1, ife: 1, ctinfo: 3, ipt: 3, xt: 3 }),
);

/** Names of interfaces by their number. Source: rtnl_fill_ifinfo. */
export function readLinks(text: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const { type, body } of readMessages(text)) {
    if (type !== NEW_LINK) continue;
    const name = readString(indexAttributes(body.subarray(LINK_HEADER)).get(LINK_NAME));
    if (name !== '') names.set(readUnsigned(body.subarray(4, 8)), name);
  }
  return names;
}

/** Queueing disciplines, those that were made unasked too. Source: tc_fill_qdisc. */
export function readQueues(text: string, links: ReadonlyMap<number, string>): QueueFact[] {
  const queues = [...readMessages(text)].filter(({ type }) => type === NEW_QUEUE);
  const read = queues.map(({ body }) => ({
    kind: readString(indexAttributes(body.subarray(TRAFFIC_HEADER)).get(KIND)),
    device: nameLink(links, readUnsigned(body.subarray(4, 8))),
    handle: wordHandle(readUnsigned(body.subarray(8, 12))),
    parent: wordHandle(readUnsigned(body.subarray(12, 16))),
  }));
  return withoutRepeats(read, ({ kind, device, handle, parent }) => [kind, device, handle, parent].join(' '));
}

/** Filters; what one classifier of one priority has in it is one. Source: tcf_fill_node. */
export function readFilters(text: string, links: ReadonlyMap<number, string>): FilterFact[] {
  const filters = new Map<string, FilterFact & { readonly actions: ActionFact[]; readonly matches: string[] }>();
  const seen = new Set<string>();
  for (const { type, body } of readMessages(text)) {
    if (type !== NEW_FILTER) continue;
    const attributes = indexAttributes(body.subarray(TRAFFIC_HEADER));
    const kind = readString(attributes.get(KIND));
    const link = readUnsigned(body.subarray(4, 8));
    const parent = readUnsigned(body.subarray(12, 16));
    const info = readUnsigned(body.subarray(16, 20));
    const chain = readUnsigned(attributes.get(CHAIN));
    const key = [link, parent, chain, info, kind].join(' ');
    const shared = link === SHARED_BLOCK;
    const known = filters.get(key);
    const layout = layouts.get(kind);
    // What is in a block is told of with each device that shares it; a classifier itself has no options.
    const handle = `${key} ${readUnsigned(body.subarray(8, 12))}`;
    if (known !== undefined && attributes.has(OPTIONS) && seen.has(handle)) continue;
    if (attributes.has(OPTIONS)) seen.add(handle);
    const options = indexAttributes(attributes.get(OPTIONS));
    const actions = readTable(options.get(layout?.actions ?? -1));
    const matches = readMatches(options.get(layout?.matches ?? -1));
    if (known !== undefined) {
      known.actions.push(...actions);
      known.matches.push(...matches);
      continue;
    }
    filters.set(key, {
      kind,
      device: shared ? '' : nameLink(links, link),
      block: shared ? parent : undefined,
      parent: wordHandle(parent),
      chain,
      preference: info >>> 16,
      protocol: info & 0xffff,
      actions,
      matches,
    });
  }
  return [...filters.values()];
}

/** Actions of all kinds that were asked for. Source: tcf_dump_walker. */
export function readActions(text: string): ActionFact[] {
  return [...readMessages(text)].flatMap(({ body }) =>
    readTable(indexAttributes(body.subarray(ACTION_HEADER)).get(ACTION_TABLE)),
  );
}

/** Source: struct tc_gen and struct tc_police in linux/pkt_cls.h. */
function readTable(table: Uint8Array | undefined): ActionFact[] {
  if (table === undefined) return [];
  return [...readAttributes(table)].map(({ value }) => {
    const attributes = indexAttributes(value);
    const kind = readString(attributes.get(KIND));
    const common = indexAttributes(attributes.get(OPTIONS)).get(oddParameters.get(kind) ?? 2);
    const counts = kind === 'police' ? 44 : 12;
    return {
      kind,
      index: readUnsigned(common),
      references: readUnsigned(common?.subarray(counts, counts + 4)),
      bindings: readUnsigned(common?.subarray(counts + 4, counts + 8)),
    };
  });
}

/** Source: tcf_em_tree_dump. */
function readMatches(tree: Uint8Array | undefined): string[] {
  const list = indexAttributes(tree).get(2);
  if (list === undefined) return [];
  return [...readAttributes(list)].map(({ value }) => matchKinds[readUnsigned(value.subarray(2, 4))] ?? '');
}

function nameLink(links: ReadonlyMap<number, string>, link: number): string {
  return links.get(link) ?? `interface ${link}`;
}

/** `1:`, `1:10`, as tc writes it. */
function wordHandle(handle: number): string {
  const [major, minor] = [handle >>> 16, handle & 0xffff];
  return `${major.toString(16)}:${minor === 0 ? '' : minor.toString(16)}`;
}
