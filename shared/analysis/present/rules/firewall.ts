import type { SnapshotIndex } from '../index-snapshot.ts';
import { quoteShell } from '../quote-shell.ts';
import type { Count, Found, ReferenceRule } from '../reference-rule.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Output of a tool that may have been cut short: what is no JSON says nothing. */
function readJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

function field(value: Json, key: string): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? ((Object.hasOwn(value, key) ? (value as { [key: string]: Json })[key] : null) ?? null)
    : null;
}

function textOf(value: Json): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Expressions of the JSON that are compiled into nf_tables, or into others of these modules. */
const expressionModules: Readonly<Record<string, string>> = {
  log: 'nft_log',
  limit: 'nft_limit',
  masquerade: 'nft_masq',
  snat: 'nft_nat',
  dnat: 'nft_nat',
  redirect: 'nft_redir',
  reject: 'nft_reject_inet',
  queue: 'nft_queue',
  quota: 'nft_quota',
  tproxy: 'nft_tproxy',
  synproxy: 'nft_synproxy',
  connlimit: 'nft_connlimit',
  'ct count': 'nft_connlimit',
  ct: 'nft_ct',
  numgen: 'nft_numgen',
  fib: 'nft_fib_inet',
  socket: 'nft_socket',
  osf: 'nft_osf',
  hash: 'nft_hash',
  jhash: 'nft_hash',
  symhash: 'nft_hash',
  xt: 'nft_compat',
  tunnel: 'nft_tunnel',
  ipsec: 'nft_xfrm',
  flow: 'nft_flow_offload',
  dup: 'nft_dup_netdev',
  fwd: 'nft_fwd_netdev',
};

/** Families have modules of their own for some expressions. */
const familyModules: Readonly<Record<string, (family: string) => readonly string[]>> = {
  nft_reject_inet: (family) => [
    `nft_reject_${family === 'ip' ? 'ipv4' : family === 'ip6' ? 'ipv6' : family}`,
    'nft_reject',
  ],
  nft_fib_inet: (family) => [`nft_fib_${family === 'ip' ? 'ipv4' : family === 'ip6' ? 'ipv6' : family}`, 'nft_fib'],
  nft_dup_netdev: (family) => [`nft_dup_${family === 'ip' ? 'ipv4' : family === 'ip6' ? 'ipv6' : family}`],
};

/** The expressions inside of one statement: `{match: {left: {ct: {key: state}}, …}}`. */
function* namesIn(value: Json, depth = 0): Generator<string> {
  if (typeof value !== 'object' || value === null || depth > 12) return;
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) yield* namesIn(item, depth + 1);
    return;
  }
  for (const [key, inner] of Object.entries(value as { [key: string]: Json })) {
    if (Object.hasOwn(expressionModules, key)) yield key;
    yield* namesIn(inner, depth + 1);
  }
}

/** Words of the JSON that the kernel reads with expressions of nf_tables itself. */
const ownWords = new Set(['payload', 'meta', 'rt', 'exthdr']);
const verdicts = new Set(['accept', 'drop', 'jump', 'goto', 'return', 'continue']);

/**
 * One reference for each expression of a rule. Extensions are told by name; how many expressions of nf_tables itself a
 * match becomes depends on its type and on what nft adds unasked, so only the least is sure.
 */
function countRule(index: SnapshotIndex, family: string, statements: Json): Count[] {
  const counts = new Map<string, number>();
  for (const name of namesIn(statements)) {
    const known = expressionModules[name]!;
    const module = (familyModules[known]?.(family) ?? [known]).map(index.module).find((one) => one !== undefined);
    if (module !== undefined) counts.set(module, (counts.get(module) ?? 0) + 1);
  }
  const extensions = [...counts].map(([module, references]): Count => ({ module, references, confidence: 'high' }));
  const core = index.module('nf_tables');
  if (core === undefined || !Array.isArray(statements)) return extensions;
  let references = 0;
  let more = 0;
  for (const statement of statements as readonly Json[]) {
    const [word] = Object.keys(statement ?? {});
    if (word === undefined) continue;
    if (verdicts.has(word) || word === 'vmap' || word === 'set') references++;
    else if (word === 'counter' && index.kernelAtLeast(5, 17)) references++;
    else if (word === 'match') {
      const [left] = Object.keys(field(field(statement, 'match'), 'left') ?? {});
      references += ownWords.has(left ?? '') ? 2 : 1;
      more += left === 'payload' ? 5 : 1;
    } else if (word === 'masquerade' || word === 'snat' || word === 'dnat') more += 3;
  }
  if (references + more === 0) return extensions;
  return [...extensions, { module: core, references, more, confidence: 'medium' }];
}

function* findRules(index: SnapshotIndex): Generator<Found> {
  for (const { match, text } of index.matching(/(?:\/\S*\/)?nft (?:-\S+ )*-j (?:-\S+ )*list ruleset.*/)) {
    const items = field(readJson(text), 'nftables');
    if (!Array.isArray(items)) continue;
    for (const item of items as readonly Json[]) {
      const rule = field(item, 'rule');
      const chain = field(item, 'chain');
      const object = rule === null ? chain : rule;
      if (object === null) continue;
      const [family, table] = [textOf(field(object, 'family')), textOf(field(object, 'table'))];
      const place = `${family} ${table} ${textOf(field(object, rule === null ? 'name' : 'chain'))}`;
      const handle = textOf(field(object, 'handle'));
      const quoted = `${quoteShell(family)} ${quoteShell(table)}`;
      if (rule !== null) {
        const counts = countRule(index, family, field(rule, 'expr'));
        if (counts.length === 0) continue;
        yield {
          thing: `${place} ${handle}`,
          name: place,
          object: `rule ${handle} of ${place}`,
          pids: [],
          counts,
          evidence: [`${match[0]} lists rule ${handle} in ${place}`],
          ways: [
            {
              title: `Delete rule ${handle} of ${place}`,
              command: `nft delete rule ${quoted} ${quoteShell(textOf(field(rule, 'chain')))} handle ${quoteShell(handle)}`,
              consequence: 'the firewall changes',
            },
            {
              title: `Flush the table ${family} ${table}`,
              command: `nft flush table ${quoted}`,
              consequence: 'the firewall lets everything of that table pass',
            },
          ],
        };
      } else {
        const type = textOf(field(chain, 'type'));
        const module = type === 'nat' ? index.module('nft_chain_nat') : undefined;
        if (module === undefined) continue;
        yield {
          thing: `chain ${place}`,
          name: place,
          object: `chain ${place}`,
          noun: 'nftables chain',
          pids: [],
          counts: [{ module, references: 1, confidence: 'high' }],
          evidence: [`${match[0]} lists the ${type} chain ${place}`],
          ways: [
            {
              title: `Delete the table ${family} ${table}`,
              command: `nft delete table ${quoted}`,
              consequence: 'its rules are gone',
            },
          ],
        };
      }
    }
  }
}

/** `iptables-legacy-save`: `-A INPUT -m conntrack --ctstate … -j LOG`. */
function* findTables(index: SnapshotIndex): Generator<Found> {
  for (const { match, text } of index.matching(/(?:\/\S*\/)?(ip6?)tables(?:-legacy)?-save.*/)) {
    const six = match[1] === 'ip6';
    let table = '';
    const uses = new Map<string, number>();
    const filled = new Set<string>();
    for (const line of text.split('\n')) {
      if (line.startsWith('*')) table = line.slice(1).trim();
      if (!line.startsWith('-A ')) continue;
      filled.add(table);
      for (const [, sort, name] of line.matchAll(/ (-m|-j|-g) (\S+)/g)) {
        const candidates =
          sort === '-m'
            ? [`xt_${name}`, `ip6t_${name}`, `ipt_${name}`]
            : [`xt_${name}`, six ? `ip6t_${name}` : `ipt_${name}`];
        const module = candidates.map(index.module).find((one) => one !== undefined);
        if (module !== undefined) uses.set(module, (uses.get(module) ?? 0) + 1);
      }
    }
    for (const name of filled) {
      const module = index.module(`${six ? 'ip6table' : 'iptable'}_${name}`);
      if (module !== undefined) uses.set(module, (uses.get(module) ?? 0) + 1);
    }
    for (const [module, references] of uses) {
      yield {
        thing: `${match[1]} ${module}`,
        name: `${match[1]}tables`,
        object: `rules of ${match[1]}tables`,
        pids: [],
        counts: [{ module, references, confidence: 'high' }],
        evidence: [`${match[0]} lists ${references === 1 ? '1 use' : `${references} uses`} of ${module}`],
        ways: [
          ...[...filled].map((name) => ({
            title: `Flush the table ${name}`,
            command: `${match[1]}tables-legacy -t ${quoteShell(name)} -F`,
            consequence: 'the firewall lets everything of that table pass',
          })),
        ],
      };
    }
  }
}

/** `tc -j qdisc show`: `[{"kind":"fq","handle":"8001:","dev":"eth0","root":true}]`. */
function* findTraffic(index: SnapshotIndex): Generator<Found> {
  for (const { match, text } of index.matching(/(?:\/\S*\/)?tc (?:-\S+ )*qdisc\b.*/)) {
    const list = readJson(text);
    if (!Array.isArray(list)) continue;
    for (const item of list as readonly Json[]) {
      const kind = textOf(field(item, 'kind'));
      const device = textOf(field(item, 'dev'));
      const module = index.module(`sch_${kind}`);
      if (module === undefined) continue;
      yield {
        thing: `qdisc ${kind} ${device} ${textOf(field(item, 'handle'))}`,
        name: `${kind} on ${device}`,
        object: `qdisc ${kind} on ${device}`,
        pids: [],
        counts: [{ module, references: 1, confidence: 'high' }],
        evidence: [`${match[0]} lists ${kind} on ${device}`],
        ways: [
          {
            title: `Delete the root queueing discipline of ${device}`,
            command: `tc qdisc del dev ${quoteShell(device)} ${kind === 'ingress' || kind === 'clsact' ? kind : 'root'}`,
            consequence: 'its filters and actions go with it',
          },
        ],
      };
    }
  }
}

/** Rules of the packet filter and of traffic control, as their own tools list them. */
export const firewallRules: readonly ReferenceRule[] = [
  {
    id: 'nft-rule',
    kind: 'nft-rule',
    meaning: 'A rule of the firewall uses this extension.',
    release: 'Delete the rule.',
    source: 'nf_tables_expr_parse, nft_chain_parse_hook',
    stage: 1,
    find: findRules,
  },
  {
    id: 'xtables-rule',
    kind: 'xtables-rule',
    meaning: 'Rules of iptables use this extension or this table.',
    release: 'Delete the rules.',
    source: 'xt_find_match, xt_find_table_lock',
    stage: 1,
    find: findTables,
  },
  {
    id: 'traffic-control',
    kind: 'tc-qdisc',
    meaning: 'Traffic control on an interface uses it.',
    release: 'Delete the queueing discipline.',
    source: 'qdisc_lookup_ops',
    stage: 1,
    find: findTraffic,
  },
];
