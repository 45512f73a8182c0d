import { describe, expect, it } from 'vitest';
import { loaded, makeSnapshot, mounted, running, socket } from '../../support/make-snapshot.ts';
import { accountOf, tellPresent } from '../../support/tell-present.ts';

describe('the network', () => {
  it('sockets count by their protocol; a bound AF_ALG socket on its algorithm too', () => {
    const sockets = makeSnapshot({
      modules: [
        loaded('can_raw 1'),
        loaded('af_alg 3 algif_hash'),
        loaded('algif_hash 1'),
        loaded('nfnetlink 1'),
        loaded('sctp 4'),
      ],
      processes: [running('700 candump'), running('701 sha1sum'), running('702 conntrackd'), running('703 m3ua')],
      sockets: [
        socket('700/3 CAN_RAW'),
        socket('701/3 ALG'),
        socket('702/3 netlink:12'),
        socket('703/4 SCTP'),
        socket('703/5 TCP'),
      ],
    });
    expect(tellPresent(sockets)).toEqual([
      'af_alg 3 = 1 module + 2 for 1 socket of sha1sum',
      'algif_hash 1 = probably 1 bound socket of sha1sum',
      'can_raw 1 = 1 socket of candump',
      'nfnetlink 1 = 1 netlink socket of conntrackd',
      'sctp 4 = 2 for 1 socket of m3ua + 2 for 1 control socket',
    ]);
  });
});

describe('what nobody has open', () => {
  it('crypto users are a number; who they are is only in question', () => {
    const crypto = 'name : crc32c\ndriver : crc32c-intel\nmodule : crc32c_intel\nrefcnt : 3\n\n';
    const known = makeSnapshot({
      modules: [loaded('crc32c_intel 2'), loaded('libcrc32c 0')],
      superblocks: [mounted('7:0 ext4 /dev/loop0 /mnt')],
      texts: { '/proc/crypto': crypto },
    });
    const [holder] = accountOf(known, 'crc32c_intel').holders;
    expect([holder!.references, holder!.confidence]).toEqual([2, 'medium']);
    expect(holder!.evidence[1]!.text).toBe(
      'the kernel does not list whose; in question: the module libcrc32c, the ext4 filesystem on /mnt',
    );
    const unknown = makeSnapshot({ modules: [loaded('crc32c_intel 2')], texts: { '/proc/crypto': crypto } });
    const [hint] = accountOf(unknown, 'crc32c_intel').holders;
    expect([hint!.references, hint!.confidence]).toEqual([2, 'low']);
    expect(accountOf(unknown, 'crc32c_intel')).toMatchObject({ explained: 0, unexplained: 2 });
  });

  it('an armed watchdog, a governor and a console hold without a program', () => {
    const settings = makeSnapshot({
      modules: [loaded('softdog 1'), loaded('cpufreq_powersave 2'), loaded('drm_kms_helper 1')],
      texts: {
        '/sys/class/watchdog/watchdog0/state': 'active\n',
        '/sys/class/watchdog/watchdog0/identity': 'Software Watchdog\n',
        '/sys/devices/system/cpu/cpufreq/policy0/scaling_governor': 'powersave\n',
        '/sys/devices/system/cpu/cpufreq/policy1/scaling_governor': 'powersave\n',
        '/sys/class/vtconsole/vtcon1/name': '(M) frame buffer device\n',
        '/sys/class/vtconsole/vtcon1/bind': '1\n',
        '/sys/class/graphics/fb0/name': 'bochs-drmdrmfb\n',
      },
    });
    expect(tellPresent(settings)).toEqual([
      'cpufreq_powersave 2 = 1 CPU frequency policy (policy0) + 1 CPU frequency policy (policy1)',
      'drm_kms_helper 1 = probably 1 console (vtcon1)',
      'softdog 1 = 1 watchdog (watchdog0)',
    ]);
  });
});
