import { describe, expect, it } from 'vitest';
import { accountForPresent } from '../../../shared/analysis/present/account-for-present.ts';
import { planRelease } from '../../../shared/analysis/present/plan-release.ts';
import type { ActionFact, FilterFact, SystemSnapshot } from '../../../shared/snapshot/system-snapshot.ts';
import { loaded, makeSnapshot, network, packetRule, running } from '../../support/make-snapshot.ts';

const sums = (snapshot: SystemSnapshot) =>
  Object.fromEntries(
    accountForPresent(snapshot).map(({ module, explained, unexplained }) => [module, [explained, unexplained]]),
  );

const commands = (snapshot: SystemSnapshot, module: string) =>
  planRelease(accountForPresent(snapshot), snapshot, module).steps.map(({ alternatives: [way] }) => way.command);

const queue = (line: string) => {
  const [kind, device, handle, parent] = line.split(' ');
  return { kind: kind!, device: device!, handle: handle!, parent: parent! };
};

const filter = (kind: string, device: string, facts: Partial<FilterFact> = {}): FilterFact => ({
  kind,
  device,
  block: undefined,
  parent: '1:',
  chain: 0,
  preference: 10,
  protocol: 8,
  actions: [],
  matches: [],
  ...facts,
});

const action = (kind: string, index: number, bindings: number, references = bindings): ActionFact => ({
  kind,
  index,
  bindings,
  references,
});

describe('the packet filter', () => {
  it('each expression of a rule counts on its module, by family where there is one', () => {
    const nft = makeSnapshot({
      modules: [
        ...['nf_tables 8', 'nft_ct 2', 'nft_log 1', 'nft_chain_nat 1', 'nft_quota 1', 'nft_compat 1', 'xt_nat 1'],
        ...['nft_reject_ipv4 1', 'nft_reject_inet 1', 'nf_flow_table_inet 1'],
      ].map((line) => loaded(line)),
      networks: [
        network({
          rules: [
            packetRule('inet f in 4 ct,bitwise,cmp,log,immediate'),
            packetRule('inet f in 5 payload,cmp,counter,reject'),
            packetRule('ip f in 6 reject,notrack'),
            packetRule('ip nat out 7 cmp,target:DNAT'),
          ],
          chains: [
            { family: 'ip', table: 'nat', name: 'post', type: 'nat' },
            { family: 'ip', table: 'f', name: 'in', type: 'filter' },
            { family: 'arp', table: 'a', name: 'in', type: 'filter' },
          ],
          objects: [{ family: 'ip', table: 'f', name: 'month', type: 2 }],
          flowtables: [{ family: 'inet', table: 'f', name: 'fast' }],
        }),
      ],
    });
    expect(sums(nft)).toEqual({
      nf_tables: [8, 0],
      nft_ct: [2, 0],
      nft_log: [1, 0],
      nft_chain_nat: [1, 0],
      nft_quota: [1, 0],
      nft_compat: [1, 0],
      xt_nat: [1, 0],
      nft_reject_ipv4: [1, 0],
      nft_reject_inet: [1, 0],
      nf_flow_table_inet: [1, 0],
    });
  });

  it('an extension of iptables is that of the family of its rule, where each has one of its own', () => {
    const two = makeSnapshot({
      modules: ['nft_compat 2', 'ipt_REJECT 2', 'ip6t_REJECT 2'].map((line) => loaded(line)),
      networks: [network({ rules: [packetRule('ip f in 4 target:REJECT'), packetRule('ip6 f in 5 target:REJECT')] })],
      texts: {
        'iptables-legacy-save': '*filter\n-A INPUT -j REJECT\nCOMMIT\n',
        'ip6tables-legacy-save': '*filter\n-A INPUT -j REJECT\nCOMMIT\n',
      },
    });
    expect(sums(two)).toEqual({ nft_compat: [2, 0], ipt_REJECT: [2, 0], ip6t_REJECT: [2, 0] });
  });

  it('an expression of a module that nobody knows is given to none', () => {
    const odd = makeSnapshot({
      modules: [loaded('nf_tables 2')],
      networks: [network({ rules: [packetRule('ip f in 4 cmp,odd,constructor,__proto__')] })],
    });
    expect(sums(odd)).toEqual({ nf_tables: [1, 1] });
  });

  it('a set is destroyed after the rules that use it', () => {
    const sets = makeSnapshot({
      modules: [
        loaded('ip_set_hash_ipport 1'),
        loaded('ip_set_list_set 1'),
        loaded('xt_set 1'),
        loaded('nft_compat 1'),
      ],
      networks: [
        network({
          rules: [packetRule('ip filter INPUT 4 match:set,immediate')],
          sets: [
            { name: "it's", type: 'hash:ip,port', references: 1 },
            { name: 'all', type: 'list:set', references: 1 },
          ],
        }),
      ],
    });
    expect(sums(sets)).toMatchObject({ ip_set_hash_ipport: [1, 0], ip_set_list_set: [1, 0], xt_set: [1, 0] });
    expect(commands(sets, 'ip_set_hash_ipport')).toEqual([
      'nft delete rule ip filter INPUT handle 4',
      'ipset destroy all',
      String.raw`ipset destroy 'it'\''s'`,
    ]);
  });
});

describe('traffic control', () => {
  it('queueing disciplines count each, and the default one more', () => {
    const tc = makeSnapshot({
      modules: [loaded('sch_fq 2'), loaded('sch_htb 1'), loaded('sch_ingress 1')],
      networks: [
        network({
          queues: [
            'noqueue lo 0: ffff:ffff',
            'htb eth0 1: ffff:ffff',
            'fq eth0 10: 1:10',
            'clsact eth0 ffff: ffff:fff1',
          ].map(queue),
        }),
      ],
      texts: { '/proc/sys/net/core/default_qdisc': 'fq\n' },
    });
    expect(sums(tc)).toEqual({ sch_fq: [2, 0], sch_htb: [1, 0], sch_ingress: [1, 0] });
    expect(commands(tc, 'sch_ingress')).toEqual(['tc qdisc del dev eth0 clsact']);
  });

  it('filters and actions count each; an action that a filter made goes with it', () => {
    const made = action('gact', 1, 1);
    const shared = action('gact', 7, 1, 2);
    const tc = makeSnapshot({
      modules: ['cls_u32 1', 'cls_basic 1', 'em_meta 1', 'act_gact 2', 'act_ct 2'].map((line) => loaded(line)),
      networks: [
        network({
          filters: [
            filter('u32', 'eth0', { actions: [made] }),
            filter('basic', 'eth0', { actions: [shared], matches: ['meta'], chain: 3, preference: 20 }),
          ],
          actions: [made, shared, action('ct', 1, 0, 1)],
        }),
      ],
    });
    expect(sums(tc)).toEqual({ cls_u32: [1, 0], cls_basic: [1, 0], em_meta: [1, 0], act_gact: [2, 0], act_ct: [2, 0] });
    expect(commands(tc, 'act_gact')).toEqual([
      'tc filter del dev eth0 parent 1: pref 10',
      'tc filter del dev eth0 parent 1: chain 3 pref 20',
      'tc actions del action gact index 7',
    ]);
  });

  it('an action goes after all of its filters, those of built-in classifiers too', () => {
    const used = action('gact', 1, 2);
    const tc = makeSnapshot({
      modules: [loaded('act_gact 1'), loaded('cls_basic 1')],
      networks: [
        network({
          filters: [
            filter('basic', 'eth0', { actions: [used] }),
            filter('u32', 'eth0', { actions: [used], preference: 20 }),
          ],
          actions: [used],
        }),
      ],
    });
    expect(commands(tc, 'act_gact').toSorted()).toEqual([
      'tc filter del dev eth0 parent 1: pref 10',
      'tc filter del dev eth0 parent 1: pref 20',
    ]);
  });

  it('nobody promises that an action goes which filters use that were not seen', () => {
    const used = action('gact', 1, 2);
    const tc = makeSnapshot({
      modules: [loaded('act_gact 1'), loaded('cls_basic 1')],
      networks: [network({ filters: [filter('basic', 'eth0', { actions: [used] })], actions: [used] })],
    });
    expect(planRelease(accountForPresent(tc), tc, 'act_gact').outcome).toBe('unsure');
  });

  it('a filter of a block that devices share is deleted there', () => {
    const tc = makeSnapshot({
      modules: [loaded('cls_matchall 1')],
      networks: [network({ filters: [filter('matchall', '', { block: 22, parent: '0:16' })] })],
    });
    expect(commands(tc, 'cls_matchall')).toEqual(['tc filter del block 22 pref 10']);
  });
});

describe('what nobody asked for', () => {
  const idle = (queues: readonly string[]) =>
    makeSnapshot({
      modules: [loaded('sch_fq_codel 2')],
      networks: [network({ queues: queues.map(queue) })],
      texts: { '/proc/sys/net/core/default_qdisc': 'fq_codel\n' },
    });

  it('a default queueing discipline cannot be deleted: it is replaced, after the default was changed', () => {
    const plain = ['sysctl net.core.default_qdisc=pfifo_fast', 'tc qdisc replace dev eth0 root pfifo_fast'];
    expect(commands(idle(['fq_codel eth0 0: ffff:ffff']), 'sch_fq_codel')).toEqual(plain);
    expect(commands(idle(['mq eth0 0: ffff:ffff', 'fq_codel eth0 0: 0:1']), 'sch_fq_codel')).toEqual(plain);
  });

  it('one below a discipline that was asked for goes with that', () => {
    expect(commands(idle(['mq eth0 1: ffff:ffff', 'fq_codel eth0 0: 1:1']), 'sch_fq_codel')).toEqual([
      'sysctl net.core.default_qdisc=pfifo_fast',
      'tc qdisc del dev eth0 root',
    ]);
  });
});

describe('names that a tool would read as something else', () => {
  const plan = (facts: Parameters<typeof network>[0]) => {
    const snapshot = makeSnapshot({
      modules: ['nft_limit 1', 'nft_chain_nat 1', 'ip_set_hash_ip 1'].map((line) => loaded(line)),
      networks: [network(facts)],
    });
    return (module: string) => planRelease(accountForPresent(snapshot), snapshot, module);
  };

  it('are in no command of nft, which reads its words as one text of its own language', () => {
    const rule = { ...packetRule('ip t c 2 limit'), table: 't; flush ruleset' };
    const chain = { family: 'ip', table: 't', name: 'c', type: 'nat' };
    const of = plan({ rules: [rule], chains: [{ ...chain, table: 't; flush ruleset' }] });
    for (const module of ['nft_limit', 'nft_chain_nat']) {
      const { steps, outcome } = of(module);
      expect(JSON.stringify(steps.map(({ alternatives }) => alternatives.map(({ command }) => command)))).not.toMatch(
        /ruleset/,
      );
      expect(outcome).toBe('unsure');
    }
  });

  it('are no options of ipset, which without a name destroys all sets', () => {
    const of = plan({ sets: [{ name: '-q', type: 'hash:ip', references: 0 }] });
    expect(of('ip_set_hash_ip').steps.map(({ alternatives: [way] }) => way.command)).toEqual([undefined]);
  });
});

describe('a firewall of many sets and rules', () => {
  it('is planned for without going through each with each', () => {
    const count = 3000;
    const many = makeSnapshot({
      modules: [loaded(`ip_set_hash_ip ${count}`), loaded(`xt_set ${count}`), loaded(`nft_compat ${count}`)],
      networks: [
        network({
          rules: Array.from({ length: count }, (_, at) => packetRule(`ip filter INPUT ${at} match:set`)),
          sets: Array.from({ length: count }, (_, at) => ({ name: `s${at}`, type: 'hash:ip', references: 1 })),
        }),
      ],
    });
    const before = performance.now();
    expect(planRelease(accountForPresent(many), many, 'ip_set_hash_ip').outcome).toBe('unsure');
    expect(performance.now() - before).toBeLessThan(5000);
  });
});

describe('networks of containers', () => {
  it('what is in them counts on the same modules, and is reached through a process of theirs', () => {
    const both = makeSnapshot({
      modules: [loaded('nft_limit 2'), loaded('sch_tbf 1')],
      processes: [running('77 nginx')],
      networks: [
        network({ rules: [packetRule('ip t c 2 limit')] }),
        network({
          namespace: 9,
          pid: 77,
          rules: [packetRule('ip t c 2 limit')],
          queues: [queue('tbf lo 8001: ffff:ffff')],
        }),
      ],
    });
    expect(sums(both)).toEqual({ nft_limit: [2, 0], sch_tbf: [1, 0] });
    expect(commands(both, 'nft_limit').toSorted()).toEqual([
      'nft delete rule ip t c handle 2',
      'nsenter -t 77 -n nft delete rule ip t c handle 2',
    ]);
    expect(accountForPresent(both)[0]!.holders.map(({ object }) => object)).toContain(
      'rule 2 of ip t c in the network of nginx (77)',
    );
  });

  it('names from inside of them stay one word of a command', () => {
    const hostile = makeSnapshot({
      modules: [loaded('sch_tbf 1')],
      processes: [running('77 x')],
      networks: [network({ namespace: 9, pid: 77, queues: [queue('tbf $(reboot)\n 1: ffff:ffff')] })],
    });
    const [command] = commands(hostile, 'sch_tbf');
    expect(command).toBe("nsenter -t 77 -n tc qdisc del dev $'$(reboot)\\x0a' root");
  });
});
