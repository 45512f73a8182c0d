import { checkTracing } from './check-tracing.ts';
import type { FoundHelper } from './find-helper.ts';
import type { HelperCommand } from './helper-command.ts';
import type { HostSystem } from './host-system.ts';
import { bad, doubtful, good, type PreflightCheck } from './preflight-check.ts';

export interface PreflightOptions {
  readonly system: HostSystem;
  /** The one that is installed. */
  readonly helper: FoundHelper | undefined;
  /** The one of a source checkout, which only root may use. */
  readonly built: string | undefined;
  readonly way: HelperCommand['way'];
  /** Whether the window has a terminal that can be asked in. */
  readonly hasPane?: boolean;
}

export const policyPath = '/usr/share/polkit-1/actions/org.modshark.capture.policy';
const install = 'Install ModShark’s package; from a source checkout: sudo node build/install-helper.mjs';
const byHand = 'Or record as root: sudo modshark record';

/** Says what stands in the way of a recording, in the order in which it would be met. Starts nothing. */
export function checkPreflight(options: PreflightOptions): readonly PreflightCheck[] {
  const { way, system } = options;
  const authorisation =
    way === 'root'
      ? [checkRootHelper(options)]
      : [checkNewPrivileges(system), checkHelper(options), ...(way === 'pkexec' ? checkPolkit(options) : [])];
  return [...authorisation, ...checkTracing(system), checkOthers(system)];
}

function checkRootHelper({ helper, built }: PreflightOptions): PreflightCheck {
  const name = 'capture helper';
  const path = helper?.path ?? built;
  if (path === undefined) return bad(name, 'It is neither installed nor built.', 'Build it: npm run build');
  return helper?.flaw === undefined ? good(name, path) : bad(name, `${path}: ${helper.flaw}`, install);
}

function checkHelper({ helper }: PreflightOptions): PreflightCheck {
  const name = 'capture helper';
  if (helper === undefined) return bad(name, 'It is not installed.', install);
  return helper.flaw === undefined ? good(name, helper.path) : bad(name, `${helper.path}: ${helper.flaw}`, install);
}

/** Source: prctl(2), PR_SET_NO_NEW_PRIVS; containers and sandboxes set it, and no set-uid program works below it. */
function checkNewPrivileges(system: HostSystem): PreflightCheck {
  const name = 'new privileges';
  const status = system.read('/proc/self/status') ?? '';
  if (!/^NoNewPrivs:\t1$/m.test(status)) return good(name, 'They can be gained.');
  const remedy = `Start ModShark outside of the sandbox or container that forbids it. ${byHand}`;
  return bad(name, 'They cannot be gained: NoNewPrivs is set for this process.', remedy);
}

function checkPolkit({ system, helper, hasPane = false }: PreflightOptions): PreflightCheck[] {
  return [checkPkexec(system), checkPolicy(system, helper), checkAgent(system, hasPane)];
}

function checkPkexec(system: HostSystem): PreflightCheck {
  const name = 'pkexec';
  const path = system.findProgram('pkexec');
  if (path === undefined) return bad(name, 'It is not installed.', `Install it: sudo apt install pkexec. ${byHand}`);
  const facts = system.stat(path);
  if (facts?.uid === 0 && (facts.mode & 0o4000) !== 0) return good(name, path);
  return bad(name, `${path} is not set-uid root.`, `Install its package again. ${byHand}`);
}

/** Source: pkexec(1), "ACTION AND AUTHORIZATION": the path must be the annotated one to the letter. */
function checkPolicy(system: HostSystem, helper: FoundHelper | undefined): PreflightCheck {
  const name = 'polkit policy';
  const policy = system.read(policyPath);
  if (policy === undefined) return bad(name, `${policyPath} is missing.`, install);
  const named = /<annotate key="org\.freedesktop\.policykit\.exec\.path">([^<]*)</.exec(policy)?.[1] ?? 'nothing';
  if (helper === undefined || named === helper.path) return good(name, policyPath);
  return bad(name, `It is for ${named}, and the helper is ${helper.path}.`, install);
}

/** Comm names, which have 15 characters. */
const agents =
  /^(?:polkit-.*|lxpolkit|lxqt-policykit|gnome-shell|cinnamon|budgie-polkit|mate-polkit|xfce-polkit|hyprpolkitagen|soteria|pkttyagent|phosh|deepin-.*|dde-polkit-agen|ukui-polkit|pantheon-agent.*)$/;

/**
 * The agent of the user's desktop, as `comm (pid N)`. polkit does not tell whether one is registered; what runs under the
 * names of agents is a good hint.
 */
export function findAgent(system: HostSystem): string | undefined {
  const pids = (system.list('/proc') ?? []).filter((entry) => /^\d+$/.test(entry));
  for (const pid of pids) {
    const comm = system.read(`/proc/${pid}/comm`)?.trim() ?? '';
    if (comm !== 'polkit-agent-he' && agents.test(comm) && system.stat(`/proc/${pid}`)?.uid === system.uid) {
      return `${comm} (pid ${pid})`;
    }
  }
  return undefined;
}

function checkAgent(system: HostSystem, hasPane: boolean): PreflightCheck {
  const name = 'authentication agent';
  const agent = findAgent(system);
  if (agent !== undefined) return good(name, `${agent} of this user runs.`);
  if (system.findProgram('pkttyagent') !== undefined) {
    if (hasPane) return good(name, 'None runs; pkttyagent can ask in the terminal of this window.');
    if (system.hasTerminal) return good(name, 'pkttyagent can ask in this terminal.');
  }
  return doubtful(
    name,
    'None was found, and there is no terminal to ask in: only a rule that needs no password would let you record.',
    `Record in a terminal: modshark record. ${byHand}`,
  );
}

/** Another capture costs the machine twice; it is not in the way. */
function checkOthers(system: HostSystem): PreflightCheck {
  const name = 'other captures';
  const pids = (system.list('/proc') ?? []).filter((entry) => /^\d+$/.test(entry));
  const running = pids.filter((pid) => {
    return system.read(`/proc/${pid}/comm`)?.trim() === 'capture-helper' && system.stat(`/proc/${pid}`)?.uid === 0;
  });
  if (running.length === 0) return good(name, 'None runs.');
  const detail = `One runs already (pid ${running.join(', ')}); both will work, and each costs the machine its share.`;
  return doubtful(name, detail, 'Stop it where you do not need both.');
}
