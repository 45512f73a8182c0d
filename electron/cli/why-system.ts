import { existsSync, readFileSync } from 'node:fs';
import type { CaptureMeans } from '../host/capture/capture-means.ts';
import { startTextAgent } from '../host/capture/start-text-agent.ts';
import { readBootId } from '../host/read-boot-id.ts';
import { chooseLookCommand } from '../host/snapshot/choose-look-command.ts';
import { createSnapshotTaker } from '../host/snapshot/take-snapshot.ts';
import type { WhySystem } from './why.ts';

/**
 * The system that this command runs on.
 *
 * @param root the folder of package.json, where a source checkout has built the helper
 */
export function createWhySystem(means: CaptureMeans, root: string): WhySystem {
  const taker = createSnapshotTaker(means, root);
  return {
    async take(way) {
      const chosen = way === 'root' ? chooseLookCommand(way, means, root) : undefined;
      const agent = chosen?.ok ? await startTextAgent(means.system, chosen.command.way) : undefined;
      try {
        return await taker.take(way);
      } finally {
        agent?.close();
      }
    },
    isBuiltIn,
    boot: readBootId,
    close: () => taker.close(),
  };
}

/** `kernel/fs/ext4/ext4.ko` in modules.builtin; dashes and underscores are the same. */
function isBuiltIn(module: string): boolean {
  // Only built-in code has a folder there and no state.
  const folder = `/sys/module/${module}`;
  if (/^[\w-]+$/.test(module) && existsSync(folder)) return !existsSync(`${folder}/initstate`);
  try {
    const release = readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim();
    const list = readFileSync(`/lib/modules/${release}/modules.builtin`, 'utf8');
    return list.split('\n').some((path) => path.replace(/^.*\/|\.ko$/g, '').replaceAll('-', '_') === module);
  } catch {
    // No such list: then nobody knows, and the answer is that it is not loaded.
    return false;
  }
}
