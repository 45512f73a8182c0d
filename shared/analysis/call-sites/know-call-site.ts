import data from './call-sites.json' with { type: 'json' };

/** What is known of one printed call site, on one side: as a get or as a put. */
export interface CallSiteFact {
  /** The symbol without compiler suffixes. */
  readonly symbol: string;
  /** `process-fd`, `filesystem-mount` …; `unknown` where the site is not known. */
  readonly kind: string;
  /** The reference is given back before the same call returns. */
  readonly transient: boolean;
  /** 0 derived by a program, 1 read in the source, 2 read and seen in machine code or in a run; −1 unknown site. */
  readonly certainty: -1 | 0 | 1 | 2;
  /** What the reference is for; empty where nobody wrote it. */
  readonly meaning: string;
  /** How to make the holder let go; empty where there is nothing to do. */
  readonly release: string;
  /** Symbols of the puts that give this get back. */
  readonly releasedBy: ReadonlySet<string>;
  /** For a put: this symbol and the functions that it may stand for after a tail call. */
  readonly names: readonly string[];
  /** For a put: the kinds of those functions. */
  readonly kinds: readonly string[];
}

type FactRow = readonly [number, number, number, number, number, string?];

const facts = data.facts as unknown as readonly FactRow[];
const texts = data.texts as unknown as readonly (readonly [string, string])[];
const sides = {
  get: new Map(Object.entries(data.gets as Record<string, number>)),
  put: new Map(Object.entries(data.puts as Record<string, number>)),
};
const aliases = new Map(Object.entries(data.aliases as Record<string, string[]>));
const releaseSets = (data.releases as readonly string[][]).map((names) => new Set(names));
const none: ReadonlySet<string> = new Set();

/** Takes off what the compiler and a resolver append: `get_ldops.part.0` → `get_ldops`, `foo+0x1c/0x40` → `foo`. */
export function stripSymbol(symbol: string): string {
  return symbol
    .replace(/\+0x[0-9a-f]+(\/0x[0-9a-f]+)?$/i, '')
    .replace(/(\.(isra|constprop|part|cold|llvm|lto_priv)(\.\d+)?)+$/, '');
}

function livesElsewhere(fact: FactRow, printedModule: string | undefined): boolean {
  return printedModule !== undefined && fact[5] !== undefined && !fact[5].split(' ').includes(printedModule);
}

/** An unknown site is not wholly mute: kernel code names the two ends of an open file by long custom. */
function guessByName(symbol: string, side: 'get' | 'put'): string {
  return (side === 'get' ? /_open$/ : /_(release|close)$/).test(symbol) ? 'process-fd' : 'unknown';
}

/**
 * Looks a printed call site up.
 *
 * @param printedModule the name printed in brackets behind the symbol, where there is one
 */
export function knowCallSite(printed: string, printedModule: string | undefined, side: 'get' | 'put'): CallSiteFact {
  const symbol = stripSymbol(printed);
  const place = sides[side].get(printed) ?? sides[side].get(symbol);
  const row = place === undefined ? undefined : facts[place]!;
  const believed = row !== undefined && !livesElsewhere(row, printedModule) ? row : undefined;
  const calls = side === 'put' ? (aliases.get(symbol) ?? []).filter((name) => name !== symbol) : [];
  const aliasRows = calls
    .map((name) => facts[sides.put.get(name) ?? sides.get.get(name) ?? -1])
    .filter((known) => known !== undefined);
  const best = believed ?? aliasRows[0];
  const kinds = [...new Set([...(believed ? [believed] : []), ...aliasRows].map((known) => data.kinds[known[0]]!))];
  const text = best === undefined || best[3] < 0 ? undefined : texts[best[3]];
  return {
    symbol,
    kind: kinds[0] ?? guessByName(symbol, side),
    transient: best?.[1] === 1,
    certainty: best === undefined ? -1 : (best[2] as 0 | 1 | 2),
    meaning: text?.[0] ?? '',
    release: text?.[1] ?? '',
    releasedBy: best === undefined || side === 'put' ? none : releaseSets[best[4]]!,
    names: [symbol, ...calls],
    kinds: kinds.length > 0 ? kinds : [guessByName(symbol, side)],
  };
}
