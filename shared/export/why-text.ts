import type {
  HolderProcess,
  PresentAccounting,
  PresentHolder,
  ReleasePlan,
  ReleaseStep,
} from '../analysis/present/present-accounting.ts';
import { isLinkHolder } from '../analysis/present/word-present.ts';
import type { SystemSnapshot } from '../snapshot/system-snapshot.ts';
import { escapeTerminal } from './escape-terminal.ts';

/** Processes and pieces of evidence that are told one by one. */
const MOST_TOLD = 8;

/** What each level means here, where evidence is what is open now. */
const sureness: Record<PresentHolder['confidence'], string> = {
  certain: 'the kernel shows it now',
  high: 'the kernel shows it now, and the module follows from a name',
  medium: 'likely: the evidence fits, and something else would fit as well',
  low: 'a hint only, which counts as not explained',
};

function wordProcess({ pid, comm, executable, user, unit, container, started }: HolderProcess): string {
  const parts = [
    `${comm} (${pid})`,
    executable,
    `user ${user}`,
    container,
    unit,
    `started ${started.toFixed(0)} s after boot`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

function more(list: readonly unknown[]): string[] {
  return list.length > MOST_TOLD ? [`and ${list.length - MOST_TOLD} more`] : [];
}

function explainHolder(holder: PresentHolder): string[] {
  const { name, processes, unit, references, noun, object, confidence, evidence, meaning, release } = holder;
  const who = processes.length === 0 ? name : `${name} (${processes[0]!.pid})`;
  const among = processes.length > 1 && unit !== undefined ? `${unit} (${processes.length} processes): ` : '';
  const count = references === 1 ? '1 reference' : `${references} references`;
  const mark = confidence === 'low' ? '?' : '-';
  if (isLinkHolder(holder)) return [`  ${mark} ${count}: the module ${name} uses it`, `      let go: ${release}`];
  return [
    `  ${mark} ${count}: ${among}${who}${object === '' || object === name ? '' : `, ${object}`}`,
    `      ${noun}: ${meaning}`,
    ...processes.slice(0, MOST_TOLD).map((process) => `      who: ${wordProcess(process)}`),
    ...more(processes).map((text) => `      ${text}`),
    ...evidence
      .slice(0, MOST_TOLD)
      .map(({ from, text }) => `      why: ${from === 'recording' ? 'recorded: ' : ''}${text}`),
    ...more(evidence).map((text) => `      ${text}`),
    `      sure: ${confidence}: ${sureness[confidence]}`,
    `      let go: ${release}`,
  ];
}

function explainStep({ reason, alternatives }: ReleaseStep, place: number): string[] {
  return [
    escapeTerminal(`  ${place + 1}. ${alternatives[0].title}: ${reason}`),
    ...alternatives.map(({ title, command, consequence }, at) => {
      // A command is quoted for a shell, and shows nothing treacherous: a backslash more or less, and it is another.
      const what = command === undefined ? escapeTerminal(title) : command;
      return `       ${at === 0 ? '' : 'or: '}${what}${consequence === '' ? '' : `   (${escapeTerminal(consequence)})`}`;
    }),
  ];
}

function explainPlan({ summary, steps }: ReleasePlan): string[] {
  return [escapeTerminal(`To unload it: ${summary}`), ...steps.flatMap(explainStep)];
}

const finish = (lines: readonly string[]): string => `${lines.map(escapeTerminal).join('\n')}\n`;

/** Says of one module who holds it now and what must be done to unload it. Every name that strangers chose is escaped. */
export function whyText(accounting: PresentAccounting, plan: ReleasePlan): string {
  const { module, state, refcount, explained, unexplained, arithmetic, holders, cautions, permanent, taints } =
    accounting;
  const notes = [
    state,
    refcount === undefined ? undefined : `${explained} explained, ${unexplained} not explained`,
    permanent ? '[permanent]' : undefined,
    taints === '' ? undefined : `taints ${taints}`,
  ];
  const told = [
    `${module}: ${notes.filter((note) => note !== undefined).join(', ')}`,
    `  ${arithmetic}`,
    ...holders.flatMap(explainHolder),
    ...cautions.map((caution) => `  ! ${caution}`),
  ];
  return `${finish(told)}${explainPlan(plan).join('\n')}\n`;
}

/** How stuck a module is: what is not explained weighs most, then what only programs and devices hold. */
export function compareStuck(a: PresentAccounting, b: PresentAccounting): number {
  const stuck = ({ refcount, linked, unexplained }: PresentAccounting) => [
    unexplained,
    (refcount ?? 0) - linked,
    refcount ?? 0,
  ];
  const [left, right] = [stuck(a), stuck(b)];
  for (const [place, value] of left.entries()) if (value !== right[place]) return right[place]! - value;
  return a.module < b.module ? -1 : 1;
}

/** All modules, the most stuck first: one line each. */
export function whyTable(accounts: readonly PresentAccounting[], snapshot: SystemSnapshot): string {
  const sorted = accounts.toSorted(compareStuck);
  const rows = sorted.map(({ module, refcount, explained, unexplained, arithmetic }) => [
    module,
    refcount === undefined ? '-' : String(refcount),
    String(explained),
    String(unexplained),
    arithmetic.slice(module.length).replace(/^ -?\d+( = )?/, ''),
  ]);
  const table = [['module', 'refs', 'explained', 'unexplained', ''], ...rows];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.min(32, Math.max(...table.map((row) => escapeTerminal(row[column]!).length))),
  );
  const held = sorted.filter(({ unexplained }) => unexplained > 0).length;
  return finish([
    ...table.map((row) =>
      row
        .map((cell, column) =>
          column === 0 || column === 4 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column]!),
        )
        .join('  ')
        .trimEnd(),
    ),
    `${accounts.length} modules; ${held === 0 ? 'every reference is explained' : `of ${held} not every reference is explained`}`,
    ...snapshot.unseen.slice(0, MOST_TOLD).map(({ what, why }) => `! Could not look at ${what}: ${why}`),
  ]);
}
