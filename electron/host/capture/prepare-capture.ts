import type { Problem } from '../../shared/problem.ts';
import { checkPreflight } from '../host/capture/check-preflight.ts';
import { chooseHelperCommand } from '../host/capture/choose-helper-command.ts';
import { findBuiltHelper, findInstalledHelper } from '../host/capture/find-helper.ts';
import type { HelperCommand } from '../host/capture/helper-command.ts';
import type { HostSystem } from '../host/capture/host-system.ts';
import { startTextAgent } from '../host/capture/start-text-agent.ts';

/** A helper that may be started, or everything that stands in the way. */
export type PreparedCapture =
  | { readonly ok: true; readonly command: HelperCommand; readonly release?: () => void }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Looks what stands in the way, chooses how to become root and, in a terminal, has somebody there to ask for the password. */
export async function prepareCapture(system: HostSystem, root: string, byHand: string): Promise<PreparedCapture> {
  const found = { system, helper: findInstalledHelper(), built: findBuiltHelper(root) };
  const chosen = chooseHelperCommand({ ...found, byHand });
  if (!chosen.ok) return { ok: false, problems: [chosen.problem] };
  const { command } = chosen;
  const inTheWay = checkPreflight({ ...found, way: command.way }).filter((check) => check.blocks);
  if (inTheWay.length > 0) {
    const problems = inTheWay.map(({ name, detail, remedy }) => ({ what: `${name}:`, why: detail, remedy }));
    return { ok: false, problems };
  }
  const agent = await startTextAgent(system, command.way);
  return { ok: true, command, release: agent.close };
}
