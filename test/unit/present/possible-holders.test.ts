import { describe, expect, it } from 'vitest';
import { accountForPresent } from '../../../shared/analysis/present/account-for-present.ts';
import { planRelease } from '../../../shared/analysis/present/plan-release.ts';
import type { SystemSnapshot } from '../../../shared/snapshot/system-snapshot.ts';
import { device, loaded, makeSnapshot, opened, running, socket } from '../../support/make-snapshot.ts';

/** Of one module: what is explained and not, and who is told of, and how surely. */
const told = (snapshot: SystemSnapshot, name: string) => {
  const found = accountForPresent(snapshot).find(({ module }) => module === name)!;
  const holders = found.holders.map((holder) => `${holder.name} ${holder.references} ${holder.confidence}`);
  return [found.explained, found.unexplained, ...holders];
};

const perf = {
  processes: [running('50 perf'), running('51 bpftrace')],
  openFiles: [opened('50/3 - anon_inode:[perf_event]')],
};

describe('what the kernel does not name', () => {
  it('an event of perf is a hint, and explains nothing', () => {
    const snapshot = makeSnapshot({
      ...perf,
      modules: [loaded('intel_uncore 1'), loaded('drm 1 vkms'), loaded('vkms 0')],
    });
    expect(told(snapshot, 'intel_uncore')).toEqual([0, 1, 'perf 1 low']);
    expect(told(snapshot, 'drm')).toEqual([1, 0, 'vkms 1 certain']);
    expect(told(snapshot, 'vkms')).toEqual([0, 0]);
  });

  it('a link of BPF to a tracepoint is of the module that the tracepoint is named after, probably', () => {
    const link = (lines: Readonly<Record<string, string>>) =>
      opened('51/4 - anon_inode:bpf_link', { info: new Map(Object.entries(lines)) });
    const modules = [loaded('ext4 1'), loaded('jbd2 1 ext4')];
    const named = link({ link_type: 'raw_tracepoint', tp_name: 'ext4_sync_file_enter' });
    expect(told(makeSnapshot({ ...perf, modules, openFiles: [named] }), 'ext4')).toEqual([1, 0, 'bpftrace 1 medium']);
    const unnamed = link({ link_type: 'tracing', target_obj_id: '7' });
    expect(told(makeSnapshot({ ...perf, modules, openFiles: [unnamed] }), 'ext4')).toEqual([0, 1, 'bpftrace 1 low']);
    // The tracepoints of NVMe are in its core, whoever is named like them.
    const nvme = link({ link_type: 'raw_tracepoint', tp_name: 'nvme_setup_cmd' });
    const disks = makeSnapshot({ ...perf, modules: [loaded('nvme 1'), loaded('nvme_core 2 nvme')], openFiles: [nvme] });
    expect([told(disks, 'nvme')[0], told(disks, 'nvme_core')[0]]).toEqual([0, 2]);
    // Those of control groups, as systemd has many, are bound to no module.
    const cgroup = link({ link_type: 'cgroup' });
    expect(told(makeSnapshot({ ...perf, modules, openFiles: [cgroup] }), 'ext4')).toEqual([0, 1]);
  });

  it('a line discipline is probably that of a program which attaches them, and else a hint', () => {
    const terminal = (comm: string, ...modules: readonly string[]) =>
      makeSnapshot({
        modules: modules.map((line) => loaded(line)),
        processes: [running(`60 ${comm}`)],
        devices: [device('c4:65 tty ttyS1', { registered: 'ttyS' })],
        openFiles: [opened('60/3 c4:65 /dev/ttyS1')],
      });
    expect(told(terminal('slattach', 'slip 1'), 'slip')).toEqual([1, 0, 'slattach 1 medium']);
    expect(told(terminal('minicom', 'slip 1'), 'slip')).toEqual([0, 1, 'minicom 1 low']);
    expect(told(terminal('pppd', 'slip 1', 'ppp_async 1'), 'slip')).toEqual([0, 1, 'pppd 1 low']);
    expect(told(terminal('bash', 'vkms 1'), 'vkms')).toEqual([0, 1]);
  });

  it('a crowd of programs is named by its first', () => {
    const pids = Array.from({ length: 500 }, (_, at) => 100 + at);
    const snapshot = makeSnapshot({
      modules: [loaded('tcp_bbr 500')],
      processes: pids.map((pid) => running(`${pid} server-${pid}`)),
      sockets: pids.map((pid) => socket(`${pid}/3 TCP`)),
      texts: { '/proc/sys/net/ipv4/tcp_congestion_control': 'bbr\n' },
    });
    const { steps } = planRelease(accountForPresent(snapshot), snapshot, 'tcp_bbr');
    expect(JSON.stringify(steps).length).toBeLessThan(3000);
  });

  it('sockets of TCP probably have the default congestion control of their own network', () => {
    const sockets = {
      modules: [loaded('tcp_bbr 3'), loaded('tcp_vegas 1')],
      processes: [running('70 nginx'), running('71 curl', '/', { namespaces: { mnt: 1, net: 9, pid: 3, user: 4 } })],
      sockets: [socket('70/3 TCP'), socket('70/4 TCPv6'), socket('71/3 TCP', { networkNamespace: 9 })],
      texts: { '/proc/sys/net/ipv4/tcp_congestion_control': 'bbr\n' },
    };
    // Each network has a default, which began as that of the system.
    expect(told(makeSnapshot(sockets), 'tcp_bbr')).toEqual([3, 0, 'bbr 2 medium', 'nginx 1 medium']);
    expect(told(makeSnapshot(sockets), 'tcp_vegas')).toEqual([0, 1, 'nginx 1 low']);
  });

  it('connections that the kernel encrypts are counted by it', () => {
    const stat =
      'TlsCurrTxSw                     2\nTlsCurrRxSw                     1\nTlsCurrTxDevice                 0\nTlsTxSw 9\n';
    const tls = (count: number) =>
      makeSnapshot({ modules: [loaded(`tls ${count}`)], texts: { '/proc/net/tls_stat': stat } });
    expect(told(tls(2), 'tls')).toEqual([2, 0, 'kTLS 2 high']);
    expect(told(tls(4), 'tls')).toEqual([3, 1, 'kTLS 3 medium']);
  });

  it('a netlink socket that is not bound is a hint', () => {
    const silent = makeSnapshot({
      modules: [loaded('nfnetlink 2')],
      processes: [running('80 conntrackd'), running('81 ulogd')],
      sockets: [socket('80/3 netlink:12'), { ...socket('81/3 NETLINK'), netlinkProtocol: undefined }],
    });
    expect(told(silent, 'nfnetlink')).toEqual([1, 1, 'conntrackd 1 certain', 'ulogd 1 low']);
  });
});
