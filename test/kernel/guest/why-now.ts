import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { accountForPresent, type Recorded } from '../../../shared/analysis/present/account-for-present.ts';
import { planRelease } from '../../../shared/analysis/present/plan-release.ts';
import type {
  PresentAccounting,
  ReleasePlan,
  ReleaseWay,
} from '../../../shared/analysis/present/present-accounting.ts';
import { escapeTerminal } from '../../../shared/export/escape-terminal.ts';
import { whyText } from '../../../shared/export/why-text.ts';
import type { SystemSnapshot } from '../../../shared/snapshot/system-snapshot.ts';
import { createTraceReader } from '../../../shared/trace-text/trace-reader.ts';
import type { Capture } from './capture.ts';
import { eventually, refcountOf, run } from './kernel.ts';
import { lookAround } from './look.ts';
import { addRow, check, tell } from './report.ts';

/** Stories of the table, by their names. */
export type Played = Readonly<Record<string, () => Promise<void>>>;

/** Who really holds a module: name of the program or thing → references. */
export type Holders = Readonly<Record<string, number>>;

const table = '/out/why-table.md';
const headings = [
  ...['scenario', 'when', 'module', 'refcount', 'explained', 'unexplained', 'wrong'],
  ...['lsmod tells', 'lsof and fuser tell'],
];

let scenario = '';

/** A row is told before anybody holds the module, while somebody does, or after. */
type Moment = 'before' | 'during' | 'after';

/** The rows of the scenario so far, by module. */
let moments = new Map<string, Set<Moment>>();

/** What was loaded when it began. */
let loadedBefore: ReadonlySet<string> = new Set();

const totals = { rows: 0, references: 0, explained: 0, unexplained: 0, wrong: 0 };

/** A recording that runs through a whole scenario. */
let running: Capture | undefined;

/** What follows belongs to this scenario of the table, and is merged with a recording where one runs. */
export function beginTable(name: string, capture?: Capture): void {
  scenario = name;
  running = capture;
  moments = new Map();
  loadedBefore = new Set(readdirSync('/sys/module'));
  if (!existsSync(table)) writeFileSync(table, `${rowOf(headings)}${rowOf(headings.map(() => '---'))}`);
}

function rowOf(cells: readonly (string | number | undefined)[]): string {
  return `| ${cells.map((cell) => escapeTerminal(String(cell)).replaceAll('|', '\\|')).join(' | ')} |\n`;
}

function momentOf(module: string, references: number): Moment {
  const seen = moments.get(module) ?? new Set();
  moments.set(module, seen);
  const moment = references > 0 ? 'during' : seen.has('during') ? 'after' : 'before';
  seen.add(moment);
  return moment;
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

export interface Accounts {
  /** How often it was read until it held still. */
  readonly looks: number;
  readonly accounts: PresentAccounting[];
  readonly snapshot: SystemSnapshot;
}

/** A count that changed while it was read is read again, as `modshark why` does. */
const mostLooks = 4;

/** What ModShark says now, by looks of the helper, with a recording only where one is given. */
export async function accountNow(capture = running, module?: string): Promise<Accounts> {
  for (let looks = 1; ; looks++) {
    const { snapshot } = await lookAround();
    const raced = snapshot.modules.some(
      ({ name, refcount, refcountAfter }) => (module === undefined || name === module) && refcount !== refcountAfter,
    );
    // Tools have a few seconds, which an emulated processor may not have had.
    const late = snapshot.unseen.some(({ why }) => why === 'It did not answer in time.');
    if ((!raced && !late) || looks === mostLooks)
      return { accounts: accountForPresent(snapshot, read(capture)), snapshot, looks };
  }
}

/** References by who holds them; hints are not told of. */
export function holdersOf({ holders }: PresentAccounting): Record<string, number> {
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

/** A reference that no list of the kernel shows: who has it is known only where a recording ran. */
export function secretly(module: string, holder: string): Telling {
  return running === undefined ? { module, holders: {}, unseen: 1 } : { module, holders: { [holder]: 1 } };
}

/** Looks, and compares what is told of a module with what is true. Waits for closing that the kernel does later. */
export async function tells(
  step: string,
  { module, holders: truth, nodes = [], unseen = 0, capture }: Telling,
): Promise<void> {
  const references = sum(truth) + unseen;
  await eventually(`${module} has ${references}`, () => refcountOf(module) === references).catch(() => undefined);
  const { accounts } = await accountNow(capture, module);
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
  const row = { refcount: refcount ?? 0, explained, unexplained, wrong };
  // Some are loaded by the very act that takes a reference.
  if (references > 0 && !moments.has(module) && !loadedBefore.has(module))
    addToTable('not loaded yet', module, momentOf(module, 0), nothing, []);
  addToTable(step, module, momentOf(module, references), row, nodes);
}

const nothing = { refcount: 0, explained: 0, unexplained: 0, wrong: 0 };

type Numbers = Readonly<Record<'refcount' | 'explained' | 'unexplained' | 'wrong', number>>;

function addToTable(step: string, module: string, when: Moment, numbers: Numbers, nodes: readonly string[]): void {
  const { refcount, explained, unexplained, wrong } = numbers;
  totals.rows += 1;
  totals.references += refcount;
  totals.explained += explained;
  totals.unexplained += unexplained;
  totals.wrong += wrong;
  const cells = [
    ...[`${scenario}: ${step}`, when, module, refcount, explained, unexplained, wrong],
    ...[lsmodTells(module), openersTell(nodes)],
  ];
  appendFileSync(table, rowOf(cells));
  tell('table', cells.slice(1).join(' | '));
}

function sorted(holders: Holders): Holders {
  return Object.fromEntries(Object.entries(holders).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A step of a plan that only a person can take, by its title. */
export type ByHand = Readonly<Record<string, () => Promise<unknown>>>;

interface Followed {
  readonly plan: ReleasePlan;
  /** Lines of the answer, as it is printed. */
  readonly printed: readonly string[];
  readonly done: string[];
  readonly failed: string[];
  readonly enter: (command: string) => Promise<void>;
}

/** Takes the steps of a plan, each by the gentlest way that has a command, as it is printed. */
async function follow(module: string, byHand: ByHand): Promise<Followed> {
  const { accounts, snapshot } = await accountNow();
  const plan = planRelease(accounts, snapshot, module);
  const printed = whyText(accounts.find((one) => one.module === module)!, plan).split('\n');
  const done: string[] = [];
  const failed: string[] = [];
  const enter = async (command: string) => {
    await becomeQuiet(command);
    const { status, output } = run('/sbin/bash', '-c', command);
    done.push(command);
    const said = `${command} → ${status} ${output.trim()}`;
    // Having unloaded it, modprobe goes on to what it used, and gives up at the first that others use.
    const [, unloaded] = /^modprobe -r (\S+)$/.exec(command) ?? [];
    if (status !== 0 && unloaded !== undefined && refcountOf(unloaded) === undefined && / is in use/.test(output))
      tell('modprobe says besides', said);
    else if (status !== 0) failed.push(said);
  };
  for (const { alternatives } of plan.steps) {
    const way = alternatives.find(({ command }) => command !== undefined);
    const [{ title }] = alternatives;
    if (byHand[title] !== undefined) {
      await byHand[title]();
      done.push(title);
    } else if (way?.command === undefined) failed.push(`${title}: no command`);
    else if (!isPrinted(printed, way)) failed.push(`${way.command}: not printed so`);
    else await enter(way.command);
  }
  await tellAfter(module);
  return { plan, printed, done, failed, enter };
}

/**
 * Does what the plan says, as a person would who takes the gentlest way that has a command: each command as it is
 * printed, in a shell, in order, the unloading of the module at the end. None may fail.
 */
export async function letGo(module: string, outcome = 'unloads', byHand: ByHand = {}): Promise<void> {
  if (refcountOf(module) === undefined && outcome === 'free') {
    await tellAfter(module); // modprobe took it along with the last that used it
    return;
  }
  const { plan, done, failed, enter } = await follow(module, byHand);
  const [last, instead] = lastOf(plan);
  if (last !== undefined) await enter(last);
  if (instead !== undefined && / not found/.test(failed.at(-1) ?? '')) {
    failed.pop(); // the plan itself said that it might
    await enter(instead);
  }
  if (plan.outcome !== outcome) tell('the plan says', plan.summary);
  check(
    `the plan lets ${module} go (${done.join('; ')})`,
    { outcome: plan.outcome, failed, loaded: refcountOf(module) !== undefined },
    { outcome, failed: [], loaded: false },
  );
  const seen = [...(moments.get(module) ?? [])];
  if (seen.includes('during')) check('the table has each moment', seen, ['before', 'during', 'after']);
}

/** Takes one device from a module that stays loaded, in the way that its plan has for that. */
export async function handOver(module: string, device: string): Promise<void> {
  const { plan, printed, done, failed, enter } = await follow(module, {});
  const way = plan.handOvers.find(({ title }) => title.includes(device));
  if (way?.command === undefined) failed.push(`${device}: no way`);
  else if (!isPrinted(printed, way)) failed.push(`${way.command}: not printed so`);
  else await enter(way.command);
  check(
    `the plan takes ${device} from ${module} (${done.join('; ')})`,
    { failed, bound: existsSync(`/sys/bus/pci/devices/${device}/driver`), loaded: refcountOf(module) !== undefined },
    { failed: [], bound: false, loaded: true },
  );
}

function isPrinted(printed: readonly string[], { command, consequence }: ReleaseWay): boolean {
  return printed.some((line) => stripped(line, consequence) === command);
}

/** A printed line without what is said around the command. */
function stripped(line: string, consequence: string): string {
  const said = consequence === '' ? '' : `   (${escapeTerminal(consequence)})`;
  return line.replace(/^ {7}(or: )?/, '').slice(0, said === '' ? undefined : -said.length);
}

/** `modprobe -r X`, as the plan's conclusion has it, and what to do where that is not found. */
function lastOf({ summary }: ReleasePlan): readonly (string | undefined)[] {
  const last = /(modprobe -r .+?) (?:succeeds|should succeed|unloads it)\./.exec(summary)?.[1];
  return [last, /does not find it, (rmmod .+) does\.$/.exec(summary)?.[1]];
}

/** The accounting when all steps are done; or the module is gone already, with those that used it. */
async function tellAfter(module: string): Promise<void> {
  if (refcountOf(module) !== undefined) await tells('after all steps', { module, holders: {} });
  else if (moments.get(module)?.has('during')) {
    addToTable('after all steps, unloaded', module, momentOf(module, 0), nothing, []);
  }
}

const hasEnded = (pid: string) => {
  const path = `/proc/${pid}/stat`;
  return !existsSync(path) || / Z /.test(readFileSync(path, 'latin1').replace(/^.*\)/, ''));
};

/** What a person sees end before the next command is typed: programs that were told to, references on their way out. */
async function becomeQuiet(command: string): Promise<void> {
  await eventually('what was killed ends', () => killed.every(hasEnded)).catch(() => undefined);
  const [, module] = /^modprobe -r (\S+)$/.exec(command) ?? [];
  if (module !== undefined)
    await eventually(`${module} has 0`, () => (refcountOf(module) ?? 0) === 0).catch(() => undefined);
  killed.length = 0;
  for (const [, pids] of command.matchAll(/kill (?:-(?:9|HUP) )?(\d[\d ]*)/g)) killed.push(...pids!.trim().split(' '));
}

const killed: string[] = [];

/** The plan says that nothing but a reboot helps, in these words; and so it is. */
export async function staysUntilReboot(module: string, words = /./): Promise<void> {
  const { accounts, snapshot } = await accountNow();
  const { outcome, summary, steps } = planRelease(accounts, snapshot, module);
  const forced = steps.some(({ alternatives }) =>
    alternatives.some(({ command }) => / -f|--force/.test(command ?? '')),
  );
  const refused = run('/sbin/modprobe', '-r', module).status !== 0;
  check(
    `the plan for ${module}: ${summary}`,
    { outcome, forced, refused, says: words.test(summary) },
    { outcome: 'reboot', forced: false, refused: true, says: true },
  );
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
  const { rows, references, explained, unexplained, wrong } = totals;
  if (rows > 0)
    tell(
      'the table',
      `${rows} rows: ${references} references, ${explained} explained, ${unexplained} not, ${wrong} wrong`,
    );
  const open = accounts.filter(({ unexplained }) => unexplained > 0).map(({ arithmetic }) => arithmetic);
  tell(`${step}: modules`, `${accounts.length}, not wholly explained: ${open.join('; ') || 'none'}`);
}
