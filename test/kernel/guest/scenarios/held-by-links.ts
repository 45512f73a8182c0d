import { mkdirSync, readdirSync } from 'node:fs';
import { eventually, modprobe, must, run } from '../kernel.ts';
import { startPuppet } from '../puppet.ts';
import { letGo, type Played, tells } from '../why-now.ts';

/** CLONE_NEWNET of sched.h. */
const newNetwork = 0x40000000;

const ip = (line: string) => must('/sbin/ip', ...line.split(' '));

const taps = () => readdirSync('/dev').filter((name) => /^tap\d+$/.test(name));

/** Interfaces, lines and radio: what a network is made of. */
export const heldByLinks: Played = {
  'why: services of a balancer': async () => {
    for (const module of ['ip_vs_rr', 'ip_vs_wrr']) {
      modprobe(module);
      await tells('loaded', { module, holders: {} });
    }
    await tells('loaded', { module: 'ip_vs', holders: { ip_vs_rr: 2, ip_vs_wrr: 2 } });
    const container = await startPuppet('container');
    await container.do(`unshare ${newNetwork}`);
    for (const service of ['-t 10.0.0.1:80 -s rr', '-u 10.0.0.1:53 -s rr', '-f 7 -s wrr'])
      must('/sbin/ipvsadm', '-A', ...service.split(' '));
    const inside = ['-t', String(container.pid), '-n', '/sbin/ipvsadm'];
    must('/sbin/nsenter', ...inside, ...'-A -t 10.0.0.2:80 -s rr'.split(' '));
    await tells('two here, one in a container', { module: 'ip_vs_rr', holders: { rr: 3 } });
    await tells('one by mark', { module: 'ip_vs_wrr', holders: { wrr: 1 } });
    await tells('all', { module: 'ip_vs', holders: { ip_vs_rr: 2, ip_vs_wrr: 2, rr: 3, wrr: 1 } });
    await letGo('ip_vs_rr');
    await letGo('ip_vs');
    await container.kill();
  },

  'why: interfaces upon interfaces, which hold nothing either': async () => {
    modprobe('dummy');
    ip('link add dummy9 type dummy');
    const container = await startPuppet('container');
    await container.do(`unshare ${newNetwork}`);
    ip('link add link dummy9 name vlan9 type vlan id 9');
    ip('link add link dummy9 name mac9 type macvlan');
    for (const kind of ['bond', 'team', 'wireguard']) ip(`link add ${kind}9 type ${kind}`);
    ip('link set wireguard9 up');
    ip(`link set mac9 netns ${container.pid}`);
    for (const module of ['8021q', 'macvlan', 'bonding', 'team', 'wireguard']) {
      await tells('with its interfaces', { module, holders: {} });
      await letGo(module, 'free');
    }
    run('/sbin/rmmod', 'dummy');
    await container.kill();
  },

  'why: a chip between an interface and its wire': async () => {
    modprobe('davicom');
    modprobe('testmod_phy');
    await tells('down', { module: 'davicom', holders: {} });
    ip('link set dev wire0 up');
    await tells('up', { module: 'davicom', holders: { wire0: 1 } });
    await tells('and not the interface’s driver', { module: 'testmod_phy', holders: {} });
    await letGo('davicom');
    await letGo('testmod_phy', 'free');
  },

  'why: a tap on an interface': async () => {
    modprobe('dummy');
    modprobe('macvtap');
    for (const module of ['macvtap', 'tap'])
      await tells('loaded', { module, holders: module === 'tap' ? { macvtap: 1 } : {} });
    ip('link add dummy9 type dummy');
    ip('link add link dummy9 name tap9 type macvtap');
    await eventually('its node is there', () => taps().length > 0);
    const nodes = [`/dev/${taps()[0]}`];
    const machine = await startPuppet('qemu-system-x86');
    await machine.do(`open ${nodes[0]}`);
    await tells('open', { module: 'macvtap', holders: { 'qemu-system-x86': 1 }, nodes });
    await tells('what taps are made of', { module: 'tap', holders: { macvtap: 1, 'qemu-system-x86': 2 }, nodes });
    await letGo('macvtap');
    await letGo('tap', 'free');
    run('/sbin/rmmod', 'dummy');
  },

  'why: a dialled line on a pseudo-terminal': async () => {
    mkdirSync('/dev/pts', { recursive: true });
    must('mount', '-t', 'devpts', 'devpts', '/dev/pts');
    modprobe('ppp_async');
    await tells('loaded', { module: 'ppp_async', holders: {} });
    const pppd = await startPuppet('pppd');
    await pppd.do('open /dev/ppp');
    await pppd.do(`discipline ${await pppd.do('pty')} 3`);
    await tells('its discipline', { module: 'ppp_async', holders: { pppd: 1 }, nodes: ['/dev/pts/0'] });
    await tells('its device', { module: 'ppp_generic', holders: { ppp_async: 1, pppd: 2 }, nodes: ['/dev/ppp'] });
    await letGo('ppp_async');
    await letGo('ppp_generic', 'free');
    must('umount', '/dev/pts');
  },

  'why: a session of PPPoE': async () => {
    modprobe('pppoe');
    await tells('loaded', { module: 'pppoe', holders: {} });
    const pppd = await startPuppet('pppd');
    await pppd.do('socket 24 1 0');
    await tells('a socket', { module: 'pppoe', holders: { pppd: 2 } });
    await letGo('pppoe');
  },

  'why: sockets of Bluetooth': async () => {
    for (const module of ['rfcomm', 'bnep', 'hidp']) {
      modprobe(module);
      await tells('loaded', { module, holders: {} });
    }
    const links = { rfcomm: 1, bnep: 1, hidp: 1 };
    await tells('the core, and a listener of rfcomm', { module: 'bluetooth', holders: { ...links, rfcomm: 3 } });
    const daemon = await startPuppet('bluetoothd');
    // L2CAP, HCI and SCO are the core’s own.
    for (const socket of ['5 0', '3 1', '5 2', '1 3', '3 4', '3 6']) await daemon.do(`socket 31 ${socket}`);
    for (const module of ['rfcomm', 'bnep', 'hidp']) await tells('a socket', { module, holders: { bluetoothd: 2 } });
    await tells('three', { module: 'bluetooth', holders: { ...links, rfcomm: 3, bluetoothd: 6 } });
    await letGo('bnep');
    await letGo('rfcomm', 'free');
    await letGo('bluetooth');
  },
};
