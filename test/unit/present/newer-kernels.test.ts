import { describe, expect, it } from 'vitest';
import { disk, loaded, makeSnapshot } from '../../support/make-snapshot.ts';
import { tellPresent } from '../../support/tell-present.ts';

const kernel = '6.12.95+deb12-amd64';

describe('a kernel that counts otherwise than 6.1', () => {
  it('swap counts once: swapon claims the device with the file that it opened', () => {
    const swap = makeSnapshot({
      kernel,
      modules: [loaded('zram 1')],
      blockDevices: [disk('zram0 253:0', { swap: true })],
      texts: { '/proc/swaps': 'Filename Type Size Used Priority\n/dev/zram0 partition 1024 0 100\n' },
    });
    expect(tellPresent(swap)).toEqual(['zram 1 = 1 swap area (/dev/zram0)']);
  });

  it('a watchdog that was left armed keeps the reference of the file as well', () => {
    const armed = makeSnapshot({
      kernel,
      modules: [loaded('softdog 2')],
      texts: {
        '/sys/class/watchdog/watchdog0/state': 'active\n',
        '/sys/class/watchdog/watchdog0/identity': 'Software Watchdog\n',
      },
    });
    expect(tellPresent(armed)).toEqual(['softdog 2 = probably 2 for 1 watchdog (watchdog0)']);
  });
});
