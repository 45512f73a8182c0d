import type { NetworkFact, PacketRule } from '../../../snapshot/system-snapshot.ts';
import type { SnapshotIndex } from '../index-snapshot.ts';
import { quoteShell } from '../quote-shell.ts';
import { type Count, type Found, keyOf, type ReferenceRule } from '../reference-rule.ts';
import { countOne } from './count-one.ts';
import { inNetwork, type NetworkWords } from './in-network.ts';

const ruleId = 'nft-rule';
const tablesId = 'xtables-rule';
const setId = 'address-set';

/** Expressions of nf_tables itself. Of the others each has a module `nft_NAME`, but for a few. */
const ownExpressions = new Set(
  'bitwise byteorder cmp counter dynset exthdr immediate inner last lookup meta objref payload range rt'.split(' '),
);

/** What a family has a module of its own for: `reject` of `ip` is nft_reject_ipv4. */
const familyWords: Readonly<Record<string, string>> = { ip: 'ipv4', ip6: 'ipv6' };

/** Expressions and kinds of objects whose module is named otherwise. */
const expressionModules: ReadonlyMap<string, string> = new Map(
  Object.entries({ match: 'nft_compat', target: 'nft_compat', notrack: 'nft_ct' }),
);

/** NFT_OBJECT_… of linux/netfilter/nf_tables.h, by the expression that they are like. */
const objectKinds = ['', 'counter', 'quota', 'ct', 'limit', 'connlimit', 'tunnel', 'ct', 'meta', 'ct', 'synproxy'];

const familyPrefixes: ReadonlyMap<string, string> = new Map(
  Object.entries({ ip: 'ipt', ip6: 'ip6t', bridge: 'ebt', arp: 'arpt' }),
);

/** Extensions of iptables that share a module. */
const extensionModules: ReadonlyMap<string, string> = new Map(
  Object.entries({
    tcp: 'xt_tcpudp',
    udp: 'xt_tcpudp',
    udplite: 'xt_tcpudp',
    SNAT: 'xt_nat',
    DNAT: 'xt_nat',
    MARK: 'xt_mark',
    CONNMARK: 'xt_connmark',
    SET: 'xt_set',
    NOTRACK: 'xt_CT',
  }),
);

const firstOf = (index: SnapshotIndex, names: readonly (string | undefined)[]) =>
  names.map(index.module).find((name) => name !== undefined);

/** Source: __nft_expr_type_get: a type of the family itself goes before one of all families. */
function moduleOfExpression(index: SnapshotIndex, family: string, name: string): string | undefined {
  const own = ownExpressions.has(name) ? 'nf_tables' : undefined;
  return firstOf(index, [
    expressionModules.get(name),
    `nft_${name}_${familyWords[family] ?? family}`,
    `nft_${name}`,
    own,
  ]);
}

/** Source: xt_find_match: an extension of the family itself goes before one of all families. */
function moduleOfExtension(index: SnapshotIndex, family: string, name: string): string | undefined {
  const prefix = familyPrefixes.get(family);
  const own = prefix === undefined ? undefined : `${prefix}_${name}`;
  return firstOf(index, [own, extensionModules.get(name), `xt_${name}`]);
}

/** Each expression is one reference on its module, and one of an extension of iptables another on that. */
function countRule(index: SnapshotIndex, { family, expressions }: PacketRule): Count[] {
  const counts = new Map<string, number>();
  for (const { name, extension } of expressions) {
    const modules = [
      moduleOfExpression(index, family, name),
      extension === '' ? undefined : moduleOfExtension(index, family, extension),
    ];
    for (const module of modules) if (module !== undefined) counts.set(module, (counts.get(module) ?? 0) + 1);
  }
  return [...counts].map(([module, references]) => ({ module, references, confidence: 'certain' }));
}

/** What nft takes for a name; anything else would be read as its language, for it joins its words to one text. */
const plainName = /^[A-Za-z_.][\w./-]*$/;

/** A command of nft about something; undefined where a name of it cannot be written. */
function commandNft(words: NetworkWords, what: string, names: readonly string[], rest = ''): string | undefined {
  return names.every((name) => plainName.test(name))
    ? words.command(`nft ${what} ${names.join(' ')}${rest}`)
    : undefined;
}

/** The chains stay, and with them what they do with everything that no rule decides about. */
const FLUSHED = 'of that table only the policies of its chains are left: all passes, or nothing does';

const keyOfRule = (network: NetworkFact, { family, table, chain, handle }: PacketRule) =>
  `${network.pid === undefined ? '' : `${network.namespace} `}${family} ${table} ${chain} ${handle}`;

function* findRules(index: SnapshotIndex): Generator<Found> {
  for (const network of index.snapshot.networks) {
    const words = inNetwork(index, network);
    for (const rule of network.rules) {
      const { family, table, chain, handle } = rule;
      const place = `${family} ${table} ${chain}`;
      const counts = countRule(index, rule);
      if (counts.length === 0) continue;
      yield {
        thing: keyOfRule(network, rule),
        name: place,
        object: `rule ${handle} of ${place}${words.where}`,
        pids: [],
        counts,
        evidence: [`the kernel lists rule ${handle} in ${place}${words.where}`],
        ways: [
          {
            title: `Delete rule ${handle} of ${place}`,
            command: commandNft(words, 'delete rule', [family, table, chain], ` handle ${handle}`),
            consequence: 'the firewall changes',
          },
          {
            title: `Flush the table ${family} ${table}`,
            command: commandNft(words, 'flush table', [family, table]),
            consequence: FLUSHED,
          },
        ],
      };
    }
  }
}

/** Chains, named objects and flow tables of nf_tables. */
function* findPartsOfTables(index: SnapshotIndex): Generator<Found> {
  for (const network of index.snapshot.networks) {
    const words = inNetwork(index, network);
    const chains = network.chains.map((chain) => {
      // Chains of the others are nf_tables itself and have no owner. Source: nft_chain_filter.c, nft_chain_route.c.
      const isArp = chain.family === 'arp' && chain.type === 'filter';
      const module = chain.type === 'nat' ? 'nft_chain_nat' : isArp ? 'nf_tables' : undefined;
      return { ...chain, noun: 'chain', module: index.module(module) };
    });
    const objects = network.objects.map((object) => ({
      ...object,
      noun: 'object',
      module: moduleOfExpression(index, object.family, objectKinds[object.type] ?? ''),
    }));
    const flowtables = network.flowtables.map((flowtable) => ({
      ...flowtable,
      noun: 'flowtable',
      module: firstOf(index, [
        `nf_flow_table_${familyWords[flowtable.family] ?? flowtable.family}`,
        'nf_flow_table_inet',
      ]),
    }));
    for (const { family, table, name, noun, module } of [...chains, ...objects, ...flowtables]) {
      if (module === undefined) continue;
      const place = `${family} ${table} ${name}`;
      yield {
        thing: `${words.key}${noun} ${place}`,
        name: place,
        object: `${noun} ${place}${words.where}`,
        noun: `nftables ${noun}`,
        pids: [],
        counts: countOne(module),
        evidence: [`the kernel lists the ${noun} ${place}${words.where}`],
        ways: [
          {
            title: `Delete the table ${family} ${table}`,
            command: commandNft(words, 'delete table', [family, table]),
            consequence: 'its rules are gone',
          },
        ],
      };
    }
  }
}

const LIST = 'list:set';

/** A set is of one type, which is a module: `hash:ip,port` is ip_set_hash_ipport. */
function* findSets(index: SnapshotIndex): Generator<Found> {
  for (const network of index.snapshot.networks) {
    const words = inNetwork(index, network);
    // Which of them uses a set is not told; a set that is used cannot be destroyed.
    const byRule = [
      ...network.rules
        .filter(({ expressions }) => expressions.some(({ extension }) => /^set$/i.test(extension)))
        .map((rule) => keyOf({ id: ruleId }, keyOfRule(network, rule))),
      ...(network.pid === undefined ? ['ip', 'ip6'].map((family) => keyOf({ id: tablesId }, `${family} xt_set`)) : []),
    ];
    // A list of sets is in no other list. Source: list_set_uadd.
    const byAny = [
      ...byRule,
      ...network.sets
        .filter(({ type }) => type === LIST)
        .map(({ name }) => keyOf({ id: setId }, `${words.key}${name}`)),
    ];
    for (const { name, type, references } of network.sets) {
      const counts = countOne(index.module(`ip_set_${type.replace(':', '_').replaceAll(',', '')}`));
      if (counts.length === 0) continue;
      yield {
        thing: `${words.key}${name}`,
        name,
        object: `set ${name} (${type})${words.where}`,
        pids: [],
        counts,
        evidence: [
          `the kernel lists the set ${name} of type ${type}${references === 0 ? '' : `, used ${references === 1 ? 'once' : `${references} times`}`}${words.where}`,
        ],
        after: references === 0 ? [] : type === LIST ? byRule : byAny,
        ways: [
          {
            title: `Destroy the set ${name}`,
            // Without a name it destroys all, and one that looks like an option is none to it.
            command: name.startsWith('-') ? undefined : words.command(`ipset destroy ${quoteShell(name)}`),
            consequence: references === 0 ? 'what is in it is lost' : 'fails while a rule uses it',
          },
        ],
      };
    }
  }
}

/** How often rules use a module, and in which tables. */
interface TableUse {
  readonly references: number;
  readonly tables: Set<string>;
}

/** `iptables-legacy-save`: `-A INPUT -m conntrack --ctstate … -j LOG`. */
function* findTables(index: SnapshotIndex): Generator<Found> {
  for (const { match, text } of index.matching(/(?:\/\S*\/)?(ip6?)tables(?:-legacy)?-save.*/)) {
    const six = match[1] === 'ip6';
    let table = '';
    const uses = new Map<string, TableUse>();
    const note = (module: string | undefined, references = 1) => {
      if (module === undefined) return;
      const known = uses.get(module) ?? { references: 0, tables: new Set<string>() };
      uses.set(module, { references: known.references + references, tables: known.tables.add(table) });
    };
    const filled = new Set<string>();
    const own = new Set<string>();
    const chains = new Set<string>();
    for (const written of text.split('\n')) {
      // What a comment says is no part of the rule.
      const line = written.replace(/"(?:[^"\\]|\\.)*"/g, '""');
      if (line.startsWith('*')) {
        table = line.slice(1).trim();
        chains.clear();
      }
      // A chain that is not of the kernel has no policy, and counts as a rule does.
      const [, chain] = /^:(\S+) - /.exec(line) ?? [];
      if (chain !== undefined) {
        own.add(table);
        chains.add(chain);
      }
      if (!own.has(table) && !line.startsWith('-A ')) continue;
      if (!filled.has(table)) note(index.module(`${six ? 'ip6table' : 'iptable'}_${table}`));
      filled.add(table);
      if (!line.startsWith('-A ')) continue;
      // A jump to a chain of somebody's own is to no extension, whatever its name.
      for (const [, option, name] of line.matchAll(/ -([mj]) (\S+)/g))
        if (option === 'm' || !chains.has(name!)) note(moduleOfExtension(index, match[1]!, name!));
    }
    for (const [module, { references, tables }] of uses) {
      const commands = [...tables].flatMap((name) => {
        const command = `${match[1]}tables-legacy -t ${quoteShell(name)}`;
        return [`${command} -F`, ...(own.has(name) && module.endsWith(`table_${name}`) ? [`${command} -X`] : [])];
      });
      yield {
        thing: `${match[1]} ${module}`,
        name: `${match[1]}tables`,
        object: `rules of ${match[1]}tables`,
        pids: [],
        counts: [{ module, references, confidence: 'high' }],
        evidence: [`${match[0]} lists ${references === 1 ? '1 use' : `${references} uses`} of ${module}`],
        ways: [
          {
            title: `Flush the ${tables.size === 1 ? 'table' : 'tables'} ${[...tables].join(', ')}`,
            command: commands.join(' && '),
            consequence: FLUSHED,
          },
        ],
      };
    }
  }
}

/** Rules of the packet filter, as the kernel and iptables' own tool list them. */
export const firewallRules: readonly ReferenceRule[] = [
  {
    id: ruleId,
    kind: 'nft-rule',
    meaning: 'A rule of the firewall uses this extension.',
    release: 'Delete the rule.',
    source: 'nft_expr_type_get, xt_find_match',
    stage: 1,
    find: findRules,
  },
  {
    id: 'nft-table',
    kind: 'nft-rule',
    meaning: 'A table of the firewall has something of this sort.',
    release: 'Delete it, or its table.',
    source: 'nft_chain_parse_hook, nft_obj_type_get, nft_flowtable_type_get',
    stage: 1,
    find: findPartsOfTables,
  },
  {
    id: setId,
    kind: 'ipset',
    meaning: 'There is a set of addresses of this type.',
    release: 'Destroy the set, after the rules that use it.',
    source: 'find_set_type_get',
    stage: 1,
    find: findSets,
  },
  {
    id: tablesId,
    kind: 'xtables-rule',
    meaning: 'Rules of iptables use this extension or this table.',
    release: 'Delete the rules.',
    source: 'xt_find_match, xt_find_table_lock',
    stage: 1,
    find: findTables,
  },
];
