import { totalmem } from 'node:os';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lookAtThisSystem } from '../../../electron/host/capture/host-system.ts';
import { measureBufferRoom } from '../../../electron/host/capture/measure-buffer-room.ts';
import { captureLimits } from '../../../shared/capture-protocol/capture-request.ts';
import { checkCaptureRequest } from '../../../shared/capture-protocol/check-capture-request.ts';
import { chooseBufferSize } from '../../../shared/capture-protocol/choose-buffer-size.ts';
import { defaultCaptureRequest } from '../../../shared/ipc/capture-contract.ts';

const GiB = 1024 * 1024;

test.each([
  ['a desktop with 24 GiB and 2 CPUs', 24 * GiB, 2, 16_384],
  ['a laptop with 16 GiB and 16 CPUs', 16 * GiB, 16, 16_384],
  ['a laptop with 8 GiB and 16 CPUs', 8 * GiB, 16, 8192],
  ['a virtual machine with 1 GiB and 2 CPUs, some of it the kernel’s', 0.97 * GiB, 2, 4096],
  ['a router with 256 MiB and 4 CPUs', GiB / 4, 4, 1024],
  ['a server with 2 TiB and 512 CPUs', 2048 * GiB, 512, 16_384],
  ['a toy with 16 MiB and 8 CPUs', GiB / 64, 8, 64],
])('%s', (_machine, memoryKiB, cpus, bufferKiB) => {
  expect(chooseBufferSize({ memoryKiB, cpus })).toBe(bufferKiB);
});

test('whatever the machine, the helper takes it, and it is a small part of the memory', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 40 }), fc.integer({ min: 0, max: 8192 }), (memoryKiB, cpus) => {
      const bufferKiB = chooseBufferSize({ memoryKiB, cpus });
      expect(checkCaptureRequest({ ...defaultCaptureRequest, bufferKiB })).toBeUndefined();
      expect(bufferKiB).toBeLessThanOrEqual(16 * 1024);
      if (bufferKiB > captureLimits.bufferKiB.min) expect(bufferKiB * cpus * 64).toBeLessThanOrEqual(memoryKiB);
    }),
  );
});

function machine(meminfo: string | undefined, online: string | undefined) {
  const files: Readonly<Record<string, string | undefined>> = {
    '/proc/meminfo': meminfo,
    '/sys/devices/system/cpu/online': online,
  };
  return measureBufferRoom({ read: (path) => files[path] });
}

const meminfo = 'MemTotal:       24605224 kB\nMemFree:         1000000 kB\n';

test('the kernel’s own list of CPUs is counted, with those in it that are missing', () => {
  expect(machine(meminfo, '0-3,6,8-9\n')).toEqual({ memoryKiB: 24_605_224, cpus: 7 });
  expect(machine(meminfo, '0\n')).toEqual({ memoryKiB: 24_605_224, cpus: 1 });
});

test.each([
  [undefined, '0-3\n'],
  [meminfo, undefined],
  [meminfo, ''],
  [meminfo, '0-x\n'],
  ['MemTotal: much kB\n', '0-3\n'],
])('a machine that does not tell what it has gets 4 MiB: %j, %j', (told, online) => {
  expect(chooseBufferSize(machine(told, online))).toBe(4096);
});

test('this machine tells', () => {
  const { memoryKiB, cpus } = measureBufferRoom(lookAtThisSystem());
  expect(Math.abs(memoryKiB * 1024 - totalmem())).toBeLessThan(totalmem() / 2);
  expect(cpus).toBeGreaterThan(0);
});
