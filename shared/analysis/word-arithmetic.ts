import type { Accounting, HolderAccount } from './accounting.ts';

/** Terms that are told one by one; the rest is summed up. */
const MOST_TERMS = 8;

/** What the sum needs to know of a holder beside its account. */
export interface SumTerm {
  readonly account: HolderAccount;
  readonly plural: string;
  readonly madeBy: boolean;
  /** A module that links: lsmod's `Used by`, told as a number of modules. */
  readonly link: boolean;
  /** How many opens, mounts … the references belong to. */
  readonly things: number;
}

interface MergedTerm extends SumTerm {
  /** How many terms it was merged of. */
  readonly of: number;
}

function amount(count: number, noun: string, plural: string): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

function nameOf({ kind, name, pid }: HolderAccount, namesakes: boolean): string {
  if (kind === 'task' || kind === 'socket' || kind === 'crypto' || kind === 'kernel') {
    return namesakes && pid !== undefined ? `${name}-${pid}` : name;
  }
  return name;
}

function wordTerm(term: SumTerm, module: string, namesakes: boolean): string {
  const { account, plural, madeBy, things } = term;
  const { references, noun, kind } = account;
  if (kind === 'loader') return amount(references, 'reference of its loader', 'references of its loader');
  const what =
    references === things ? amount(references, noun, plural) : `${references} for ${amount(things, noun, plural)}`;
  if (kind === 'mount') {
    const ofMount = noun === 'mount' ? '' : ' of its mount';
    return account.name === module ? `${what}${ofMount}` : `${what} of the ${account.name} mount`;
  }
  if (madeBy) return `${what} made by ${nameOf(account, namesakes)}`;
  return `${what} of ${account.name === module ? `${module} itself` : nameOf(account, namesakes)}`;
}

/**
 * Terms that would be told in the same words, though not of equal confidence, are told as one.
 *
 * @param byTask tasks of one name are told one by one
 */
function mergeAlike(terms: readonly SumTerm[], byTask: boolean): MergedTerm[] {
  const merged = new Map<string, MergedTerm>();
  for (const term of terms) {
    const { kind, name, pid, noun, references } = term.account;
    const key = [kind, noun, byTask ? pid : '', term.madeBy, name].join('\0');
    const alike = merged.get(key);
    merged.set(
      key,
      alike === undefined
        ? { ...term, of: 1 }
        : {
            ...alike,
            of: alike.of + 1,
            things: alike.things + term.things,
            account: { ...alike.account, references: alike.account.references + references },
          },
    );
  }
  return [...merged.values()];
}

/** The references of a module as a sum in words: `drm: 4 references = 2 modules + 1 file of systemd-logind`. */
export function wordArithmetic(
  accounting: Pick<Accounting, 'module' | 'state' | 'lsmod' | 'explained'>,
  terms: readonly SumTerm[],
): string {
  const { module, state, lsmod } = accounting;
  if (state === 'absent') return `${module}: not loaded`;
  const held = terms.reduce((sum, { account }) => sum + account.references, 0);
  const total = lsmod ?? held;
  const head =
    lsmod === undefined
      ? `${module}: count not known, of which`
      : `${module}: ${amount(total, 'reference', 'references')} =`;
  if (terms.length === 0) return lsmod === undefined ? `${module}: count not known` : `${module}: no references`;

  const names = new Map<string, Set<number>>();
  for (const { account } of terms) {
    const pids = names.get(account.name) ?? new Set<number>();
    names.set(account.name, account.pid === undefined ? pids : pids.add(account.pid));
  }
  const sure = terms.filter(({ account }) => account.confidence !== 'low');
  const links = sure.filter(({ link }) => link).reduce((sum, { account }) => sum + account.references, 0);
  const apart = mergeAlike(
    sure.filter(({ link }) => !link),
    true,
  );
  const byTask = apart.length <= MOST_TERMS;
  const others = byTask ? apart : mergeAlike(apart, false);
  const words: string[] = [];
  if (links > 0) words.push(amount(links, 'module', 'modules'));
  const told = others.length > MOST_TERMS ? others.slice(0, MOST_TERMS - 1) : others;
  for (const term of told) {
    const namesakes = byTask && names.get(term.account.name)!.size > 1;
    words.push(`${wordTerm(term, module, namesakes)}${byTask || term.of === 1 ? '' : ` (${term.of} tasks)`}`);
  }
  const rest = others.slice(told.length).reduce((sum, { account }) => sum + account.references, 0);
  if (rest > 0) words.push(`${rest} of ${others.length - told.length} other holders`);

  const weak = (kind: HolderAccount['kind']) =>
    terms.reduce(
      (sum, { account }) => sum + (account.confidence === 'low' && account.kind === kind ? account.references : 0),
      0,
    );
  const baseline = weak('baseline');
  if (baseline > 0) words.push(`${baseline} from before the recording`);
  const weakAll = terms.reduce((sum, { account }) => sum + (account.confidence === 'low' ? account.references : 0), 0);
  if (weakAll > baseline) words.push(`${weakAll - baseline} unexplained`);
  return `${head} ${words.join(' + ')}`;
}
