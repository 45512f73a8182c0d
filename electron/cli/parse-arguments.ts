/** What a command line asks for. */
export type Command =
  | { readonly kind: 'open'; readonly files: readonly string[] }
  | { readonly kind: 'serve'; readonly files: readonly string[]; readonly port: number; readonly shared: boolean }
  | { readonly kind: 'explain'; readonly argv: readonly string[] }
  | { readonly kind: 'export'; readonly argv: readonly string[] }
  | { readonly kind: 'record'; readonly argv: readonly string[] }
  | { readonly kind: 'why'; readonly argv: readonly string[] }
  | { readonly kind: 'version' }
  | { readonly kind: 'help' }
  /** Not understood: the reason, for stderr. */
  | { readonly kind: 'misuse'; readonly reason: string };

/** Reads the arguments behind `modshark`. A `--` ends the options, for files with odd names. */
export function parseArguments(argv: readonly string[]): Command {
  const [first, ...rest] = argv;
  if (first === 'explain') return { kind: 'explain', argv: rest };
  if (first === 'export') return { kind: 'export', argv: rest };
  if (first === 'record') return { kind: 'record', argv: rest };
  if (first === 'why') return { kind: 'why', argv: rest };
  if (first === 'serve') return parseServe(rest);
  const files: string[] = [];
  let optionsEnded = false;
  for (const argument of argv) {
    if (optionsEnded || !argument.startsWith('-')) files.push(argument);
    else if (argument === '--') optionsEnded = true;
    else if (argument === '--help' || argument === '-h') return { kind: 'help' };
    else if (argument === '--version' || argument === '-V') return { kind: 'version' };
    else return misuse(`unknown option ${argument}`);
  }
  return files.length > 1 ? misuse('one file at a time') : { kind: 'open', files };
}

function parseServe(argv: readonly string[]): Command {
  const files: string[] = [];
  let port = 0;
  let shared = false;
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at] ?? '';
    if (argument === '--') {
      files.push(...argv.slice(at + 1));
      break;
    }
    const given = argument.startsWith('--port=') ? argument.slice('--port='.length) : undefined;
    if (argument === '--port' || given !== undefined) {
      const text = given ?? argv[++at] ?? '';
      port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
      if (!(port <= 65535)) return misuse(`--port needs a number up to 65535, not ${text === '' ? 'nothing' : text}`);
    } else if (argument === '--shared') shared = true;
    else if (argument === '--help' || argument === '-h') return { kind: 'help' };
    else if (argument.startsWith('-')) return misuse(`unknown option ${argument} of serve`);
    else files.push(argument);
  }
  return files.length > 1 ? misuse('one file at a time') : { kind: 'serve', files, port, shared };
}

function misuse(reason: string): Command {
  return { kind: 'misuse', reason };
}
