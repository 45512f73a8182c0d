import { holderSort } from '../holder-kinds.ts';
import type { PresentAccounting, PresentHolder } from './present-accounting.ts';

/** Terms that are told one by one; the rest is summed up. */
const MOST_TERMS = 8;

interface Term {
  readonly noun: string;
  readonly probably: boolean;
  readonly of: string;
  references: number;
  things: number;
  readonly pids: Set<number>;
}

function amount(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  return `${count} ${/(?:s|x|ch|sh)$/.test(noun) ? `${noun}es` : noun.replace(/([^aeiou])y$/, '$1ie')}${/(?:s|x|ch|sh)$/.test(noun) ? '' : 's'}`;
}

/** A mount is a thing, whoever stands on it. */
function isThing({ processes, kind }: PresentHolder): boolean {
  return processes.length === 0 || kind === 'mount';
}

/** `gdm.service (3 processes)`, `firefox`, `firefox-545` where another has the same name. */
function nameHolder(holder: PresentHolder, alone: boolean): string {
  const { processes, unit, name } = holder;
  if (isThing(holder)) return name;
  if (unit !== undefined && /\.service$|:/.test(unit)) return unit;
  return alone ? name : `${name}-${processes[0]!.pid}`;
}

/**
 * The references of a module as a sum in words: `drm 4 = 2 modules + 1 file of systemd-logind + 1 DRM filesystem`. What
 * is explained only probably says so: `tun 3 = 1 file of qemu + probably 2 files of vpnd`.
 */
export function wordPresent({
  module,
  refcount,
  linked,
  unexplained,
  holders,
}: Omit<PresentAccounting, 'arithmetic'>): string {
  if (refcount === undefined) return `${module}: this kernel counts no references`;
  if (refcount <= 0) return `${module} ${refcount}`;
  const links = holders.filter(isLinkHolder);
  const others = holders.filter((holder) => holder.confidence !== 'low' && !isLinkHolder(holder));
  const namesakes = new Map<string, Set<number>>();
  for (const { name, processes } of others) {
    const pids = namesakes.get(name) ?? new Set<number>();
    namesakes.set(name, processes[0] === undefined ? pids : pids.add(processes[0].pid));
  }
  const terms = new Map<string, Term>();
  for (const holder of others) {
    const told = holder.processes.length > 0 || holder.name !== module;
    const of = told ? nameHolder(holder, (namesakes.get(holder.name)?.size ?? 0) < 2) : '';
    const { noun, confidence } = holder;
    const probably = confidence === 'medium';
    const key = `${noun}\0${of}\0${probably}`;
    const term = terms.get(key) ?? { noun, probably, of, references: 0, things: 0, pids: new Set<number>() };
    terms.set(key, term);
    term.references += holder.references;
    term.things++;
    if (!isThing(holder)) for (const { pid } of holder.processes) term.pids.add(pid);
  }
  const words: string[] = [];
  if (linked > 0) words.push(amount(linked, links[0]?.noun ?? 'module'));
  const list = [...terms.values()];
  const shown = list.length > MOST_TERMS ? list.slice(0, MOST_TERMS - 1) : list;
  for (const { noun, probably, of, references, things, pids } of shown) {
    const what =
      references === 1 || things === references
        ? amount(references, noun)
        : `${references} for ${amount(things, noun)}`;
    const count = pids.size > 1 ? ` (${pids.size} processes)` : '';
    const who = of === '' ? '' : pids.size === 0 ? ` (${of})` : ` of ${of}${count}`;
    words.push(`${probably ? 'probably ' : ''}${what}${who}`);
  }
  const left = list.slice(shown.length);
  const rest = left.reduce((sum, { references }) => sum + references, 0);
  const guessed = left.some(({ probably }) => probably) ? ', some probably' : '';
  if (rest > 0) words.push(`${rest} of ${left.length} other holders${guessed}`);
  if (unexplained > 0) words.push(`${unexplained} unexplained`);
  return `${module} ${refcount} = ${words.join(' + ')}`;
}

const linkSort = holderSort('module-link');

/** Whether a holder is a module that uses this one's symbols: what lsmod lists as `Used by`. */
export function isLinkHolder({ kind, noun }: Pick<PresentHolder, 'kind' | 'noun'>): boolean {
  return kind === linkSort.kind && noun === linkSort.noun;
}
