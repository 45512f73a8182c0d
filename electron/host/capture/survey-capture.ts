import { checkPreflight, findAgent } from './check-preflight.ts';
import { type ChosenCommand, chooseHelperCommand } from './choose-helper-command.ts';
import { findBuiltHelper, findInstalledHelper } from './find-helper.ts';
import type { HelperCommand } from './helper-command.ts';
import type { HostSystem } from './host-system.ts';
import type { PreflightCheck } from './preflight-check.ts';

export interface SurveyOptions {
  readonly system: HostSystem;
  /** The folder of package.json, where a source checkout has built the helper. */
  readonly root: string;
  /** What to run by hand where nothing else is possible. */
  readonly byHand: string;
  /** Whether the window has a terminal that can be asked in. */
  readonly hasPane?: boolean;
}

/** What a recording would meet on this machine. */
export interface CaptureSurvey {
  readonly chosen: ChosenCommand;
  /** How the helper would become root; where no way is open, the one that should be made to work. */
  readonly way: HelperCommand['way'];
  readonly checks: readonly PreflightCheck[];
  /** Who would ask for a password; `terminal` wants an agent to be started there first. */
  readonly asks: 'nobody' | 'desktop' | 'terminal' | 'unknown';
}

/** Chooses how to become root and looks what stands in the way. Starts nothing that asks anybody. */
export function surveyCapture({ system, root, byHand, hasPane = false }: SurveyOptions): CaptureSurvey {
  const found = { system, helper: findInstalledHelper(), built: findBuiltHelper(root) };
  const chosen = chooseHelperCommand({ ...found, byHand });
  const way = chosen.ok ? chosen.command.way : system.uid === 0 ? 'root' : 'pkexec';
  return { chosen, way, checks: checkPreflight({ ...found, way, hasPane }), asks: whoAsks(system, way, hasPane) };
}

function whoAsks(system: HostSystem, way: HelperCommand['way'], hasPane: boolean): CaptureSurvey['asks'] {
  if (way !== 'pkexec') return 'nobody';
  if (findAgent(system) !== undefined) return 'desktop';
  const canType = hasPane || system.hasTerminal;
  return canType && system.findProgram('pkttyagent') !== undefined ? 'terminal' : 'unknown';
}
