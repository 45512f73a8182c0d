import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { accountForPresent, type Recorded } from '../../../shared/analysis/present/account-for-present.ts';
import { planRelease } from '../../../shared/analysis/present/plan-release.ts';
import type { PresentAccounting } from '../../../shared/analysis/present/present-accounting.ts';
import type { SystemSnapshot } from '../../../shared/snapshot/system-snapshot.ts';
import { createTraceReader } from '../../../shared/trace-text/trace-reader.ts';
import type { Capture } from './capture.ts';
import { eventually, refcountOf, run } from './kernel.ts';
import { lookAround } from './look.ts';
import { addRow, check, tell } from './report.ts';

/** Who really holds a module: name of the program or thing → references. */
export type Holders = Readonly<Record<string, number>>;

const table = '/out/why-table.md';
const heading =
  '| scenario | module | refcount | explained | unexplained | wrong | lsmod tells | lsof and fuser tell |';

let scenario = '';

/** A recording that runs through a whole scenario. */
let running: Capture | undefined;

/** What follows belongs to this scenario of the table, and is merged with a recording where one runs. */
export function beginTable(name: string, capture?: Capture): void {
  scenario = name;
  running = capture;
  if (!existsSync(table)) writeFileSync(table, `${heading}\n|${' --- |'.repeat(8)}\n`);
}

function read(capture: Capture | undefined): Recorded | undefined {
  if (capture === undefined) return undefined;
  const reader = createTraceReader();
  reader.push(Buffer.from(capture.text(), 'latin1'));
  const outcome = reader.finish();
  if (!outcome.ok || outcome.recording.table.length === 0) return undefined;
  const { table: events } = outcome.recording;
  return { analysis: analyse(events), now: events.time[events.length - 1]! };
}

/** What ModShark says now, by a look of the helper, with a recording only where one is given. */
export async function accountNow(
  capture = running,
): Promise<{ readonly accounts: PresentAccounting[]; readonly snapshot: SystemSnapshot }> {
  const { snapshot } = await lookAround();
  return { accounts: accountForPresent(snapshot, read(capture)), snapshot };
}

/** References by who holds them; hints are not told of. */
function holdersOf({ holders }: PresentAccounting): Record<string, number> {
  const named: Record<string, number> = {};
  for (const { name, references, confidence } of holders) {
    if (confidence !== 'low') named[name] = (named[name] ?? 0) + references;
  }
  return named;
}

const sum = (holders: Holders) => Object.values(holders).reduce((total, references) => total + references, 0);

/** References that are given to somebody who does not hold them. */
function countWrong(told: Holders, truth: Holders): number {
  return Object.entries(told).reduce(
    (wrong, [name, references]) => wrong + Math.max(0, references - (truth[name] ?? 0)),
    0,
  );
}

function lsmodTells(module: string): string {
  const line = run('/sbin/lsmod')
    .output.split('\n')
    .find((one) => one.startsWith(`${module} `));
  const [, , count, by] = line?.split(/\s+/) ?? [];
  return `${count ?? '?'}, used by ${by === undefined || by === '' ? 'nobody' : by}`;
}

function openersTell(nodes: readonly string[]): string {
  if (nodes.length === 0) return 'there is no node to ask';
  const lsof = run('/sbin/lsof', '-w', '-F', 'c', '--', ...nodes).output;
  const names = [...lsof.matchAll(/^c(.*)$/gm)].map(([, name]) => name);
  // The pids alone are written to stdout.
  const pids = run('/bin/sh', '-c', '/sbin/fuser "$@" 2>/dev/null', 'sh', ...nodes).output.trim();
  return `lsof: ${[...new Set(names)].join(', ') || 'nobody'}; fuser: ${pids === '' ? 'nobody' : pids.replace(/\s+/g, ' ')}`;
}

export interface Telling {
  readonly module: string;
  /** Who holds it, by name. */
  readonly holders: Holders;
  /** Nodes that somebody would ask lsof and fuser about. */
  readonly nodes?: readonly string[];
  /** References that nothing which is open shows, and that must be told as unexplained. */
  readonly unseen?: number;
  /** What is known besides, by a recording. */
  readonly capture?: Capture;
}

/** Looks, and compares what is told of a module with what is true. Waits for closing that the kernel does later. */
export async function tells(
  step: string,
  { module, holders: truth, nodes = [], unseen = 0, capture }: Telling,
): Promise<void> {
  const references = sum(truth) + unseen;
  await eventually(`${module} has ${references}`, () => refcountOf(module) === references).catch(() => undefined);
  const { accounts } = await accountNow(capture);
  const accounting = accounts.find((one) => one.module === module);
  if (accounting === undefined) {
    addRow(step, false, `${module} is not in the snapshot`);
    return;
  }
  const told = holdersOf(accounting);
  const { refcount, explained, unexplained, cautions } = accounting;
  const wrong = countWrong(told, truth);
  const seen = { refcount, explained, unexplained, wrong, told: sorted(told) };
  const expected = {
    refcount: refcountOf(module),
    explained: references - unseen,
    unexplained: unseen,
    wrong: 0,
    told: sorted(truth),
  };
  check(`${step}: ${accounting.arithmetic}`, seen, expected);
  if (cautions.length > 0 && unseen === 0) tell('cautions', cautions.join(' '));
  const cells = [
    `${scenario}: ${step}`,
    module,
    refcount,
    explained,
    unexplained,
    wrong,
    lsmodTells(module),
    openersTell(nodes),
  ];
  appendFileSync(table, `| ${cells.join(' | ')} |\n`);
  tell('table', cells.slice(1).join(' | '));
}

function sorted(holders: Holders): Holders {
  return Object.fromEntries(Object.entries(holders).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Runs the steps of the plan in order, as a person would who takes the gentlest that has a command; then unloads. */
export async function letGo(module: string, outcome = 'unloads'): Promise<void> {
  const { accounts, snapshot } = await accountNow();
  const plan = planRelease(accounts, snapshot, module);
  const commands: string[] = [];
  for (const { alternatives } of plan.steps) {
    const command = alternatives.find((way) => way.command !== undefined)?.command;
    if (command === undefined) continue;
    // Busybox's shell would take its own programs before those of the system.
    const { status, output } = run('/sbin/dash', '-c', command);
    commands.push(status === 0 ? command : `${command} → ${status} ${output.trim()}`);
  }
  const drops = () => refcountOf(module) === undefined || run('/sbin/modprobe', '-r', module).status === 0;
  await eventually(`${module} is unloaded`, drops).catch(() => undefined);
  if (plan.outcome !== outcome) tell('the plan says', plan.summary);
  check(
    `the plan lets ${module} go (${commands.join('; ')})`,
    { outcome: plan.outcome, loaded: refcountOf(module) !== undefined },
    { outcome, loaded: false },
  );
}

/** The plan says that nothing but a reboot helps. */
export async function staysUntilReboot(module: string): Promise<void> {
  const { accounts, snapshot } = await accountNow();
  const { outcome, summary } = planRelease(accounts, snapshot, module);
  check(`the plan for ${module}: ${summary}`, outcome, 'reboot');
}

/** Of every loaded module explained + unexplained is its count; tells what is left over. */
export async function tellAll(step: string): Promise<void> {
  const { accounts } = await accountNow();
  const bad = accounts.filter(({ refcount, explained, unexplained }) => explained + unexplained !== refcount);
  check(
    `${step}: the sums of all modules`,
    bad.map(({ module }) => module),
    [],
  );
  const open = accounts.filter(({ unexplained }) => unexplained > 0).map(({ arithmetic }) => arithmetic);
  tell(`${step}: modules`, `${accounts.length}, not wholly explained: ${open.join('; ') || 'none'}`);
}
