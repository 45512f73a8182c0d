import { modprobe, must, run } from '../kernel.ts';
import { startPuppet } from '../puppet.ts';
import { check } from '../report.ts';
import { letGo, type Played, secretly, staysUntilReboot, tells } from '../why-now.ts';

const byAlgorithms = { algif_hash: 1, algif_skcipher: 1 };

/** Sockets, and what the network keeps. */
export const heldBySockets: Played = {
  'why: a socket': async () => {
    modprobe('can_raw');
    await tells('loaded', { module: 'can_raw', holders: {} });
    const candump = await startPuppet('candump');
    await candump.do('socket 29 3 1');
    await tells('opened', { module: 'can_raw', holders: { candump: 1 } });
    await tells('and the family', { module: 'can', holders: { can_raw: 1 } });
    await letGo('can_raw');
  },

  'why: sockets of the crypto and of hosts': async () => {
    for (const module of ['algif_hash', 'vsock']) modprobe(module);
    const kcapi = await startPuppet('kcapi');
    const hash = await kcapi.do('socket 38 5 0');
    await tells('an AF_ALG socket', { module: 'af_alg', holders: { algif_hash: 1, kcapi: 2 } });
    await kcapi.do(`bind-alg ${hash} hash sha256`);
    await tells('bound to a hash', { module: 'algif_hash', holders: { kcapi: 1 } });
    await kcapi.do('socket 40 1 0');
    await tells('a vsock', { module: 'vsock', holders: { kcapi: 2 } });
    await letGo('algif_hash');
    await letGo('vsock', 'free');
    run('/sbin/rmmod', 'af_alg');
    await kcapi.kill();
  },

  'why: firewall and queues': async () => {
    must('/sbin/nft', 'add table ip t; add chain ip t c; add rule ip t c ct state new counter accept');
    await tells('a rule', { module: 'nft_ct', holders: { 'ip t c': 1 } });
    await letGo('nft_ct');
    modprobe('dummy');
    run('/sbin/ip', 'link', 'add', 'dummy9', 'type', 'dummy');
    must('/sbin/tc', ...'qdisc add dev dummy9 root tbf rate 1mbit burst 32k latency 400ms'.split(' '));
    await tells('a queue', { module: 'sch_tbf', holders: { 'tbf on dummy9': 1 } });
    await letGo('sch_tbf');
    run('/sbin/rmmod', 'dummy');
  },

  'why: SCTP, which holds itself': async () => {
    modprobe('sctp');
    await tells('just loaded', { module: 'sctp', holders: { sctp: 2 } });
    const refused = run('/sbin/rmmod', 'sctp');
    check('rmmod is refused', refused, { status: 1, output: 'rmmod: ERROR: Module sctp is in use\n' });
    await staysUntilReboot('sctp');
  },

  'why: ciphers and hashes, accepted too': async () => {
    for (const module of ['algif_hash', 'algif_skcipher', 'sha512_generic', 'ctr']) modprobe(module);
    for (const module of ['algif_hash', 'algif_skcipher', 'sha512_generic', 'ctr'])
      await tells('loaded', { module, holders: {} });
    const hasher = await startPuppet('cryptsetup');
    const hash = await hasher.do('socket 38 5 0');
    await hasher.do(`bind-alg ${hash} hash sha512`);
    await tells('bound', { module: 'af_alg', holders: { ...byAlgorithms, cryptsetup: 2 } });
    await hasher.do(`accept-alg ${hash}`);
    await tells('and accepted', { module: 'af_alg', holders: { ...byAlgorithms, cryptsetup: 4 } });
    await tells('a hash', { module: 'algif_hash', holders: { cryptsetup: 1 } });
    await tells('its algorithm', { module: 'sha512_generic', holders: { 'sha512-generic': 2 } });
    const cipher = await startPuppet('kcapi-enc');
    await cipher.do(`bind-alg ${await cipher.do('socket 38 5 0')} skcipher ctr(aes)`);
    // Two programs, two modules: no list of the kernel says which is whose.
    await tells('a cipher of another', secretly('algif_skcipher', 'kcapi-enc'));
    await tells('so that nothing is sure of the hash', secretly('algif_hash', 'cryptsetup'));
    await cipher.kill();
    await tells('which ended', { module: 'algif_skcipher', holders: {} });
    await letGo('algif_skcipher', 'free');
    await letGo('algif_hash');
    await letGo('sha512_generic', 'free');
    await letGo('ctr', 'free');
    run('/sbin/rmmod', 'af_alg');
  },

  'why: a connection with a congestion control of its own': async () => {
    modprobe('tcp_bbr');
    await tells('loaded', { module: 'tcp_bbr', holders: {} });
    const app = await startPuppet('app');
    await app.do(`congestion ${await app.do('socket 2 1 0')} bbr`);
    await tells('one socket', secretly('tcp_bbr', 'app'));
    await app.kill();
    await tells('closed', { module: 'tcp_bbr', holders: {} });
    await letGo('tcp_bbr', 'free');
  },

  'why: a firewall of many expressions': async () => {
    const modules = ['nft_ct', 'nft_limit', 'nft_log', 'nft_reject_inet', 'nft_masq', 'nft_quota', 'nft_chain_nat'];
    for (const module of modules) modprobe(module);
    for (const module of modules.slice(0, 6)) await tells('loaded', { module, holders: {} });
    const rules = [
      ...['add table inet t', 'add chain inet t in { type filter hook input priority 0 ; }'],
      ...['add table ip n', 'add chain ip n post { type nat hook postrouting priority 100 ; }'],
      'add rule inet t in ct state established accept',
      'add rule inet t in limit rate 10/second accept',
      'add rule inet t in tcp dport 9 log prefix "x"',
      'add rule inet t in tcp dport 9 reject',
      'add rule inet t in quota over 10 mbytes drop',
      'add rule ip n post masquerade',
    ];
    for (const rule of rules) must('/sbin/nft', rule);
    const chain = { 'inet t in': 1 };
    await tells('a state', { module: 'nft_ct', holders: chain });
    await tells('a limit', { module: 'nft_limit', holders: chain });
    await tells('a log', { module: 'nft_log', holders: chain });
    await tells('a reject', { module: 'nft_reject_inet', holders: chain });
    await tells('a quota', { module: 'nft_quota', holders: chain });
    await tells('a masquerade', { module: 'nft_masq', holders: { 'ip n post': 1 } });
    for (const module of modules.slice(0, 6)) await letGo(module);
    must('/sbin/nft', 'flush ruleset');
    await letGo('nft_chain_nat', 'free');
  },

  'why: interfaces, which hold nothing': async () => {
    for (const kind of ['dummy', 'bridge', 'veth']) must('/sbin/ip', 'link', 'add', `${kind}9`, 'type', kind);
    for (const module of ['dummy', 'bridge', 'veth']) {
      await tells('with its interfaces', { module, holders: {} });
      await letGo(module, 'free');
    }
  },
};
