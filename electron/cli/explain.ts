import { analyse } from '../../shared/analysis/analyse.ts';
import type { Analysis } from '../../shared/analysis/analysis.ts';
import { parseTime } from '../../shared/event-table/clock.ts';
import type { Recording } from '../../shared/event-table/recording.ts';
import { escapeTerminal } from '../../shared/export/escape-terminal.ts';
import { explainJson } from '../../shared/export/explain-json.ts';
import { explainText } from '../../shared/export/explain-text.ts';
import { readRecording } from './read-recording.ts';
import { suggestNames } from './suggest-names.ts';

/** Where the command reads and writes; the process's own streams, or a test's. */
export interface ExplainStreams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly stdin?: AsyncIterable<Uint8Array>;
}

interface Question {
  readonly module: string | undefined;
  readonly file: string;
  readonly at: string | undefined;
  readonly json: boolean;
  readonly rejected: boolean;
}

const usage = `usage: modshark explain [MODULE] FILE [--at TIME] [--json] [--rejected]
  MODULE      only this module
  FILE        a recording; - reads it from standard input
  --at TIME   as of this time, as the recording prints it; without it, as of its end
  --json      for programs
  --rejected  list the lines that could not be read
`;

/** Reads the words of the command line; a text where they make no question. */
function readQuestion(argv: readonly string[]): Question | string {
  const names: string[] = [];
  let at: string | undefined;
  let json = false;
  let rejected = false;
  let plain = false;
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index]!;
    if (plain || !word.startsWith('-') || word === '-') names.push(word);
    else if (word === '--') plain = true;
    else if (word === '--json') json = true;
    else if (word === '--rejected') rejected = true;
    else if (word.startsWith('--at=')) at = word.slice('--at='.length);
    else if (word === '--at') {
      at = argv[++index];
      if (at === undefined) return '--at needs a time.';
    } else return `there is no option ${word}.`;
  }
  if (names.length === 0) return 'FILE is missing.';
  if (names.length > 2) return `${names.length} names are given, where MODULE and FILE are asked for.`;
  return { module: names.length === 2 ? names[0] : undefined, file: names.at(-1)!, at, json, rejected };
}

/** `--rejected`: which lines were left out, and why. */
function listRejected({ rejected, lines }: Recording): string {
  const listed = rejected
    .map(({ line, reason, text }) => `line ${line}: ${reason}: ${escapeTerminal(text)}\n`)
    .join('');
  const more = lines.rejected - rejected.length;
  return `${lines.rejected} of ${lines.total} lines rejected\n${listed}${more > 0 ? `… and ${more} more\n` : ''}`;
}

/**
 * `modshark explain`: says who holds which module, as text or JSON.
 *
 * Errors: gives the exit code. 0 whether a module is held or not; 2 for a command or a file that is of no use, with the
 * reason on stderr.
 */
export async function runExplain(argv: readonly string[], streams: ExplainStreams): Promise<number> {
  const refuse = (reason: string): number => {
    streams.stderr.write(`modshark explain: ${escapeTerminal(reason)}\n`);
    return 2;
  };
  if (argv.includes('--help') || argv.includes('-h')) {
    streams.stdout.write(usage);
    return 0;
  }
  const question = readQuestion(argv);
  if (typeof question === 'string') {
    refuse(question);
    streams.stderr.write(usage);
    return 2;
  }
  const stdin = question.file === '-' ? (streams.stdin ?? process.stdin) : undefined;
  const input = await readRecording(question.file, stdin);
  if (!input.ok) return refuse(input.reason);
  return answer(question, input.recording, analyse(input.recording.table), streams, refuse);
}

function answer(
  question: Question,
  recording: Recording,
  analysis: Analysis,
  streams: ExplainStreams,
  refuse: (reason: string) => number,
): number {
  const { table } = analysis;
  const { module, at } = question;
  const time = at === undefined ? (table.length > 0 ? table.time[table.length - 1]! : 0) : parseTime(table.clock, at);
  if (time === undefined) {
    const form = table.clock.unit === 'ticks' ? 'a whole number of ticks' : 'seconds, such as 102.168297';
    return refuse(`${at} is no time of this recording, which prints ${form}.`);
  }
  if (module !== undefined && !table.modules.includes(module)) {
    const near = suggestNames(module, table.modules);
    const hint = near.length === 0 ? '' : ` Is it ${near.join(', ')}?`;
    return refuse(`the recording has no event of a module named ${module}.${hint}`);
  }
  if (question.json) {
    const modules = module === undefined ? [...table.modules].sort() : [module];
    streams.stdout.write(explainJson(recording, analysis, modules, time));
  } else streams.stdout.write(explainText(recording, analysis, module, time));
  if (question.rejected) (question.json ? streams.stderr : streams.stdout).write(listRejected(recording));
  return 0;
}
