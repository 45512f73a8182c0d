import { tellTorn } from './consequences.ts';
import type { SnapshotIndex } from './index-snapshot.ts';
import type { ReleaseWay } from './present-accounting.ts';
import { quoteShell } from './quote-shell.ts';

/** Devices that one plan names: of more, nobody wants one alone. */
const MOST_DEVICES = 8;

/**
 * Ways to take single devices from a module that stays loaded, such as the one of two graphics cards that a virtual
 * machine is to have.
 *
 * Source: unbind_store in drivers/base/bus.c. It asks nobody: whoever has the device open must have closed it before.
 * @param isSure whether all users are surely known: the kernel refuses to unload what is used still, and takes a device away
 */
export function listHandOvers(
  index: SnapshotIndex,
  module: string,
  isEnded: (key: string) => boolean,
  isSure: boolean,
): ReleaseWay[] {
  const { modules, text } = index;
  const first = isSure ? '' : `look again before, for some users of ${module} are known only probably; `;
  const torn = tellTorn(index, module, isEnded).map((told) => `; of all its devices: ${told}`);
  const drivers = (modules.get(module)?.drivers ?? []).filter((name) => name.startsWith('pci:'));
  const ways = drivers.flatMap((driver) => {
    const folder = `/sys/bus/pci/drivers/${driver.slice('pci:'.length)}`;
    const devices = (text(folder) ?? '').match(/^[\da-f]{4,8}:[\da-f]{2}:[\da-f]{2}\.[0-7]$/gm) ?? [];
    return devices.toSorted().map((device) => ({
      title: `Take ${device} from ${module}, which stays loaded`,
      command: `echo ${device} > ${quoteShell(`${folder}/unbind`)}`,
      consequence: `${first}the device does nothing until a driver is bound to it${torn.join('')}`,
    }));
  });
  return ways.slice(0, MOST_DEVICES);
}
