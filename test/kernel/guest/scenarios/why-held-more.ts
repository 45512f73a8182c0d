import { writeFileSync } from 'node:fs';
import { modprobe, must, readTrace, run } from '../kernel.ts';
import { startPuppet } from '../puppet.ts';
import { check } from '../report.ts';
import { accountNow, letGo, type Played, tells } from '../why-now.ts';

/** CLONE_NEWNET of sched.h. */
const newNetwork = 0x40000000;

const tool = (line: string, prefix: readonly string[] = []) => {
  const [program, ...words] = [...prefix, ...line.split(' ')];
  must(program!.startsWith('/') ? program! : `/sbin/${program}`, ...words);
};

const inside = (pid: number) => ['/sbin/nsenter', '-t', String(pid), '-n'];

function addDummy(): void {
  modprobe('dummy');
  tool('ip link add dummy9 type dummy');
}

/** What only the kernel's own lists of the packet filter and of traffic control tell. */
export const heldByTraffic: Played = {
  'why: filters and actions of traffic control': async () => {
    addDummy();
    tool('tc qdisc add dev dummy9 clsact');
    tool('tc qdisc add dev dummy9 root handle 1: prio');
    tool('tc filter add dev dummy9 ingress protocol ip pref 10 matchall action drop');
    tool(
      'tc filter add dev dummy9 egress protocol ip pref 20 u32 match ip dst 10.0.0.1 action police rate 1mbit burst 10k drop',
    );
    tool('tc filter add dev dummy9 parent 1: protocol ip pref 30 basic match u32(u8 0x06 0xff at 9) flowid 1:1');
    tool('tc filter add dev dummy9 parent 1: protocol all pref 31 matchall action gact pass index 7');
    tool('tc actions add action gact pass index 9');
    await tells('a filter at each end', {
      module: 'cls_matchall',
      holders: { 'matchall on dummy9': 2 },
    });
    await tells('a filter with many matches', { module: 'cls_u32', holders: { 'u32 on dummy9': 1 } });
    await tells('its action', { module: 'act_police', holders: { 'police 1': 1 } });
    await tells('actions of filters, and one of none', {
      module: 'act_gact',
      holders: { 'gact 1': 1, 'gact 7': 1, 'gact 9': 1 },
    });
    await tells('a match of a module of its own', { module: 'em_u32', holders: { 'basic on dummy9': 1 } });
    await tells('the two ends', { module: 'sch_ingress', holders: { 'clsact on dummy9': 1 } });
    await tells('the queue', { module: 'sch_prio', holders: { 'prio on dummy9': 1 } });
    for (const module of ['em_u32', 'cls_u32', 'act_gact']) await letGo(module);
    await letGo('act_police', 'free');
    for (const module of ['sch_ingress', 'sch_prio']) await letGo(module);
    for (const module of ['cls_matchall', 'cls_basic']) await letGo(module, 'free');
    run('/sbin/rmmod', 'dummy');
  },

  'why: filters that devices share': async () => {
    addDummy();
    tool('ip link add dummy8 type dummy');
    for (const device of ['dummy8', 'dummy9']) tool(`tc qdisc add dev ${device} ingress_block 22 clsact`);
    tool('tc filter add block 22 chain 3 protocol ip pref 10 matchall action drop');
    await tells('one, on two devices', { module: 'cls_matchall', holders: { 'matchall on block 22': 1 } });
    await letGo('cls_matchall');
    await letGo('sch_ingress');
    run('/sbin/rmmod', 'act_gact');
    run('/sbin/rmmod', 'dummy');
  },

  'why: sets of addresses': async () => {
    tool('ipset create hosts hash:ip');
    tool('ipset create all list:set');
    tool('ipset add all hosts');
    await tells('a set', { module: 'ip_set_hash_ip', holders: { hosts: 1 } });
    await tells('a set of sets', { module: 'ip_set_list_set', holders: { all: 1 } });
    tool('iptables-legacy -A INPUT -m set --match-set all src -j ACCEPT');
    await tells('a rule', { module: 'xt_set', holders: { iptables: 1 } });
    await letGo('ip_set_hash_ip');
    await letGo('ip_set_list_set', 'free');
    for (const module of ['xt_set', 'iptable_filter', 'ip_tables', 'ip_set']) run('/sbin/modprobe', '-r', module);
  },

  'why: extensions of iptables in nftables': async () => {
    tool('ipset create hosts hash:ip');
    tool('iptables-nft -A INPUT -m set --match-set hosts src -j ACCEPT');
    await tells('an extension', { module: 'xt_set', holders: { 'ip filter INPUT': 1 } });
    await tells('the bridge to it', { module: 'nft_compat', holders: { 'ip filter INPUT': 1 } });
    await letGo('ip_set_hash_ip');
    await letGo('nft_compat', 'free');
  },

  'why: the packet filter, part by part': async () => {
    tool('nft add table inet t');
    tool('nft add chain inet t nat { type nat hook postrouting priority 100 ; }');
    tool('nft add quota inet t month { over 10 mbytes ; }');
    tool('nft add chain inet t c');
    tool('nft add rule inet t c ip saddr 10.0.0.0/8 tcp dport { 22, 80 } limit rate 10/second counter log accept');
    await tells('a chain', { module: 'nft_chain_nat', holders: { 'inet t nat': 1 } });
    await tells('an object', { module: 'nft_quota', holders: { 'inet t month': 1 } });
    await tells('a rule', { module: 'nft_limit', holders: { 'inet t c': 1 } });
    await letGo('nft_limit');
    await letGo('nft_log', 'free');
    await letGo('nft_quota');
    await letGo('nf_tables');
  },

  'why: the network of a container': async () => {
    const container = await startPuppet('container');
    await container.do(`unshare ${newNetwork}`);
    const there = inside(container.pid);
    tool('/sbin/nft add table ip t', there);
    tool('/sbin/nft add chain ip t c', there);
    tool('/sbin/nft add rule ip t c limit rate 10/second accept', there);
    tool('/sbin/nft add table ip t');
    tool('/sbin/nft add chain ip t c');
    tool('/sbin/nft add rule ip t c limit rate 10/second accept');
    await tells('rules in both', { module: 'nft_limit', holders: { 'ip t c': 2 } });
    await letGo('nft_limit');
    tool('/sbin/nft flush ruleset', there);
    tool('/sbin/nft flush ruleset');
    tool('/sbin/tc qdisc add dev lo root tbf rate 1mbit burst 32k latency 400ms', there);
    await tells('a queue', { module: 'sch_tbf', holders: { 'tbf on lo': 1 } });
    await letGo('sch_tbf');
    tool('/sbin/ipset create hosts hash:ip', there);
    await tells('a set', { module: 'ip_set_hash_ip', holders: { hosts: 1 } });
    await letGo('ip_set_hash_ip');
    await container.kill();
  },
};

/** What no list names: a hint at most, or probable by what the kernel tells beside. */
export const heldUnnamed: Played = {
  'why: a program of BPF': async () => {
    modprobe('drm');
    await tells('loaded', { module: 'drm', holders: {} });
    const tracer = await startPuppet('bpftrace');
    await tracer.do('raw-tracepoint drm_vblank_event');
    await tells('bound to a tracepoint', { module: 'drm', holders: { bpftrace: 1 } });
    await letGo('drm');
  },

  'why: an event of perf': async () => {
    modprobe('drm');
    await tells('loaded', { module: 'drm', holders: {} });
    const id = readTrace('events/drm/drm_vblank_event/id').trim();
    const perf = await startPuppet('perf');
    await perf.do(`perf ${id}`);
    await tells('of a tracepoint', { module: 'drm', holders: {}, unseen: 1 });
    const { accounts } = await accountNow();
    const hints = accounts.find(({ module }) => module === 'drm')?.holders ?? [];
    check(
      'a hint is told with it',
      hints.map(({ name, noun, confidence }) => [name, noun, confidence]),
      [['perf', 'perf event', 'low']],
    );
    await perf.kill();
    await letGo('drm', 'free');
  },

  'why: a line discipline': async () => {
    modprobe('slip');
    await tells('loaded', { module: 'slip', holders: {} });
    const slattach = await startPuppet('slattach');
    await slattach.do(`discipline ${await slattach.do('open /dev/ttyS1')} 1`);
    await tells('of a terminal', { module: 'slip', holders: { slattach: 1 } });
    await letGo('slip');
  },

  'why: connections that the kernel encrypts': async () => {
    modprobe('tls');
    await tells('loaded', { module: 'tls', holders: {} });
    const nginx = await startPuppet('nginx');
    await nginx.do(`encrypt ${await nginx.do('connect 4433')}`);
    await tells('one', { module: 'tls', holders: { kTLS: 1 } });
    await nginx.kill();
    await letGo('tls', 'free');
  },

  'why: connections with the congestion control of the system': async () => {
    modprobe('tcp_bbr');
    await tells('loaded', { module: 'tcp_bbr', holders: {} });
    writeFileSync('/proc/sys/net/ipv4/tcp_congestion_control', 'bbr');
    const app = await startPuppet('app');
    await app.do('socket 2 1 0');
    await tells('the default, and a socket', { module: 'tcp_bbr', holders: { bbr: 1, app: 1 } });
    await letGo('tcp_bbr');
  },
};

/** Where nobody can look: a recording would know who made it so. */
export const unseenTraffic: Played = {
  'why: a network that no process is in': async () => {
    must('/bin/mkdir', '-p', '/run/netns');
    tool('ip netns add quiet');
    tool('ip netns exec quiet /sbin/tc qdisc add dev lo root tbf rate 1mbit burst 32k latency 400ms');
    await tells('is told of, not guessed', { module: 'sch_tbf', holders: {}, unseen: 1 });
    const { accounts } = await accountNow();
    const cautions = accounts.find(({ module }) => module === 'sch_tbf')?.cautions ?? [];
    check('and that it was not looked at', cautions.slice(0, 1), [
      'Could not look at firewall rules and queues of 1 other network namespace: No process is in them, or there are too many.',
    ]);
    tool('ip netns del quiet');
    await letGo('sch_tbf', 'free');
  },
};
