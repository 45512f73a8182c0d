import type { BufferRoom } from '../../../shared/capture-protocol/choose-buffer-size.ts';
import type { HostSystem } from './host-system.ts';

/** Of a machine that tells nothing of itself. */
const modest: BufferRoom = { memoryKiB: 1024 * 1024, cpus: 4 };

/**
 * How much memory and how many CPUs this machine has.
 *
 * *Source*: meminfo_proc_show in fs/proc/meminfo.c; print_cpus_online in drivers/base/cpu.c, a list as `0-3,6`: the kernel
 * makes a buffer for each of these (ring_buffer_alloc, kernel/trace/ring_buffer.c).
 */
export function measureBufferRoom(system: Pick<HostSystem, 'read'>): BufferRoom {
  const [, total] = /^MemTotal: *(\d{1,15}) kB$/m.exec(system.read('/proc/meminfo') ?? '') ?? [];
  const online = system.read('/sys/devices/system/cpu/online')?.trim() ?? '';
  if (total === undefined || !/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(online)) return modest;
  const cpus = online.split(',').reduce((sum, range) => {
    const [first, last = first] = range.split('-').map(Number);
    return sum + Math.max(0, last! - first!) + 1;
  }, 0);
  return { memoryKiB: Number(total), cpus };
}
