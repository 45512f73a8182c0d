import type {
  HolderProcess,
  PresentAccounting,
  PresentHolder,
  ReleasePlan,
  ReleaseStep,
  ReleaseWay,
} from '../analysis/present/present-accounting.ts';
import { isLinkHolder } from '../analysis/present/word-present.ts';
import type { SystemSnapshot } from '../snapshot/system-snapshot.ts';
import { escapeTerminal } from './escape-terminal.ts';
import { wrapLine } from './wrap-line.ts';
import { writeForRoot } from './write-for-root.ts';

/** Who reads it. */
export interface WhyReader {
  /** Columns of the terminal; what is for none is not wrapped. */
  readonly width: number;
  /** Whether commands can be typed as they are: else sudo stands before them. */
  readonly isRoot: boolean;
}

const anybody: WhyReader = { width: Number.POSITIVE_INFINITY, isRoot: true };

/** Processes and pieces of evidence that are told one by one. */
const MOST_TOLD = 8;

/** What each level means here, where evidence is what is open now. */
const sureness: Record<PresentHolder['confidence'], string> = {
  certain: 'the kernel shows it now',
  high: 'the kernel shows it now, and the module follows from a name',
  medium: 'probably: the evidence fits, and something else would fit as well',
  low: 'a hint only, which counts as unexplained',
};

function wordProcess({ pid, comm, executable, user, userName, unit, container, started }: HolderProcess): string {
  const parts = [
    `${comm} (${pid})`,
    executable,
    `user ${userName === undefined ? user : `${userName} (${user})`}`,
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
  const probably = confidence === 'medium' ? 'probably ' : '';
  const count = `${probably}${references === 1 ? '1 reference' : `${references} references`}`;
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

function explainStep({ reason, alternatives }: ReleaseStep, place: number, reader: WhyReader): string[] {
  return [
    ...wrapLine(escapeTerminal(`  ${place + 1}. ${alternatives[0].title}: ${reason}`), reader.width),
    ...explainWays(alternatives, reader),
  ];
}

function explainWays(ways: readonly ReleaseWay[], { width, isRoot }: WhyReader): string[] {
  return ways.flatMap(({ title, command, consequence }, at) => {
    // A command is quoted for a shell, and shows nothing treacherous: a backslash more or less, and it is another.
    const typed = command === undefined || isRoot ? command : writeForRoot(command);
    const what = `       ${at === 0 ? '' : 'or: '}${typed ?? escapeTerminal(title)}`;
    if (consequence === '') return [what];
    const whole = `${what}   (${escapeTerminal(consequence)})`;
    // Nor is it ever wrapped.
    return whole.length <= width ? [whole] : [what, ...wrapLine(`         (${escapeTerminal(consequence)})`, width)];
  });
}

function explainPlan({ summary, steps, handOvers }: ReleasePlan, reader: WhyReader): string[] {
  const { width } = reader;
  return [
    ...wrapLine(escapeTerminal(`To unload it: ${summary}`), width),
    ...steps.flatMap((step, place) => explainStep(step, place, reader)),
    ...(handOvers.length === 0 ? [] : wrapLine('  Or, in place of unloading it, take one device from it:', width)),
    ...explainWays(handOvers, reader),
  ];
}

/** `3 explained, 1 of them probably, 0 unexplained`. */
function wordExplained({ explained, probable, unexplained }: PresentAccounting): string {
  const probably =
    probable === 0 ? '' : `, ${probable === explained && probable > 1 ? 'all' : probable} of them probably`;
  return `${explained} explained${probably}, ${unexplained} unexplained`;
}

/** What may be a command is not wrapped. */
const print = (lines: readonly string[], width: number): string[] =>
  lines.flatMap((line) => (/^ +let go: /.test(line) ? [escapeTerminal(line)] : wrapLine(escapeTerminal(line), width)));

/**
 * Says of one module who holds it now and what must be done to unload it. Every name that strangers chose is escaped.
 */
export function whyText(accounting: PresentAccounting, plan: ReleasePlan, reader: WhyReader = anybody): string {
  const { width } = reader;
  const { module, state, refcount, arithmetic, holders, cautions, permanent, taints } = accounting;
  const notes = [
    state,
    refcount === undefined ? undefined : wordExplained(accounting),
    permanent ? '[permanent]' : undefined,
    taints === '' ? undefined : `taints ${taints}`,
  ];
  const told = [
    `${module}: ${notes.filter((note) => note !== undefined).join(', ')}`,
    `  ${arithmetic}`,
    ...holders.flatMap(explainHolder),
    ...cautions.map((caution) => `  ! ${caution}`),
  ];
  return `${[...print(told, width), ...explainPlan(plan, reader)].join('\n')}\n`;
}

/** How stuck a module is: what is unexplained weighs most, then what only programs and devices hold. */
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

/** All modules, the most stuck first: one line each; in a terminal too narrow for a table, their sums. */
export function whyTable(
  accounts: readonly PresentAccounting[],
  snapshot: SystemSnapshot,
  width = Number.POSITIVE_INFINITY,
): string {
  const sorted = accounts.toSorted(compareStuck);
  const lines = width < NARROW ? sorted.map(({ arithmetic }) => arithmetic) : tabulate(sorted);
  const unseen = snapshot.unseen.slice(0, MOST_TOLD).map(({ what, why }) => `! Could not look at ${what}: ${why}`);
  return `${print([...lines, concludeTable(accounts), ...unseen], width).join('\n')}\n`;
}

/** Columns that the figures of a table need. */
const NARROW = 72;

function tabulate(accounts: readonly PresentAccounting[]): string[] {
  const rows = accounts.map(({ module, refcount, explained, probable, unexplained, arithmetic }) => [
    module,
    refcount === undefined ? '-' : String(refcount),
    String(explained),
    String(probable),
    String(unexplained),
    arithmetic.slice(module.length).replace(/^ -?\d+( = )?/, ''),
  ]);
  const table = [['module', 'refs', 'explained', 'probably', 'unexplained', ''], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.min(32, Math.max(...table.map((row) => escapeTerminal(row[column]!).length))),
  );
  return table.map((row) =>
    row
      .map((cell, column) =>
        column === 0 || column === 5 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
}

function concludeTable(accounts: readonly PresentAccounting[]): string {
  const modules = accounts.length === 1 ? '1 module' : `${accounts.length} modules`;
  const stuck = accounts.filter(({ unexplained }) => unexplained > 0).length;
  const probable = accounts.reduce((sum, one) => sum + one.probable, 0);
  if (stuck > 0) return `${modules}; ${stuck} of them ${stuck === 1 ? 'has' : 'have'} unexplained references`;
  if (accounts.every(({ refcount }) => refcount === 0)) return `${modules}; nothing holds any of them`;
  return `${modules}; every reference is explained${probable === 0 ? '' : `, ${probable} of them probably`}`;
}
