import { existsSync, readFileSync } from 'node:fs';
import type { CaptureMeans } from '../host/capture/capture-means.ts';
import { startTextAgent } from '../host/capture/start-text-agent.ts';
import { readBootId } from '../host/read-boot-id.ts';
import { chooseLookCommand } from '../host/snapshot/choose-look-command.ts';
import { createSnapshotTaker } from '../host/snapshot/create-snapshot-taker.ts';
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
    knows,
    isRoot: process.geteuid?.() === 0,
    boot: readBootId,
    close: () => taker.close(),
  };
}

function knows(module: string): 'built-in' | 'installed' | undefined {
  // Only built-in code has a folder there and no state.
  const folder = `/sys/module/${module}`;
  if (/^[\w-]+$/.test(module) && existsSync(folder) && !existsSync(`${folder}/initstate`)) return 'built-in';
  if (lists('modules.builtin', module)) return 'built-in';
  return lists('modules.dep', module) ? 'installed' : undefined;
}

/** `kernel/fs/ext4/ext4.ko` in modules.builtin, `kernel/fs/ext4/ext4.ko.xz: …` in modules.dep; dashes are underscores. */
function lists(file: string, module: string): boolean {
  try {
    const release = readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim();
    const list = readFileSync(`/lib/modules/${release}/${file}`, 'utf8');
    return list
      .split('\n')
      .some((line) => /([^/]*)\.ko(?:\.\w+)?(?::|$)/.exec(line)?.[1]?.replaceAll('-', '_') === module);
  } catch {
    // No such list: then nobody knows, and the answer is that it is not loaded.
    return false;
  }
}
