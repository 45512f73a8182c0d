import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { analyse } from '../../shared/analysis/analyse.ts';
import { parseTime, printTime } from '../../shared/event-table/clock.ts';
import type { EventTable } from '../../shared/event-table/event-table.ts';
import { MOST_TRACKS } from '../../shared/export/choose-tracks.ts';
import { escapeTerminal } from '../../shared/export/escape-terminal.ts';
import { type ExportTheme, exportThemes } from '../../shared/export/export-themes.ts';
import { parseFilter } from '../../shared/filter/parse-filter.ts';
import type { RecordingTime } from '../../shared/units.ts';
import { type ExportJob, outputs } from './export-outputs.ts';
import { checkOutput, FileWriter, type OutputFile } from './file-writer.ts';
import { readRecording, whyFileFails } from './read-recording.ts';
import { suggestNames } from './suggest-names.ts';

/** Where the command reads and speaks; the process's own streams, or a test's. */
export interface ExportStreams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly stdin?: AsyncIterable<Uint8Array>;
}

const usage = `usage: modshark export FILE [options] with at least one of
${Object.entries(outputs)
  .map(([option, { about, forms }]) => {
    const files = Object.keys(forms).map((ending) => `F.${ending}`);
    return `  --${option} ${files.join('|')}`.padEnd(30) + about;
  })
  .join('\n')}

  FILE                        a recording; - reads it from standard input
  --module M                  only this module; may be given again
  --from T, --to T            only this time, as the recording prints it
  --filter TEXT               only what passes, as in the window: 'task:systemd* -event:request'
  --tracks N|all              most tracks of a timeline where no module is named; ${MOST_TRACKS} without it
  --theme light|dark|print    colours of pictures; light without it
  --scale N                   size of pictures, 1 to 4
`;

/** What was asked for, before the recording is known. */
interface Request {
  readonly file: string;
  readonly modules: readonly string[];
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly filter: string;
  readonly mostTracks: number;
  readonly theme: ExportTheme;
  readonly scale: number;
  /** By option. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * `modshark export`: writes a recording, or what is known of it, as files for people and other programs.
 *
 * Errors: gives the exit code. 2 for a command or a recording that is of no use, 1 where a file could not be written,
 * with the reason on stderr; then no file was changed.
 */
export async function runExport(argv: readonly string[], streams: ExportStreams): Promise<number> {
  const refuse = (reason: string, code = 2): number => {
    streams.stderr.write(`modshark export: ${escapeTerminal(reason)}\n`);
    return code;
  };
  if (argv.includes('--help') || argv.includes('-h')) {
    streams.stdout.write(usage);
    return 0;
  }
  const request = readRequest(argv);
  if (typeof request === 'string') {
    refuse(request);
    streams.stderr.write(usage);
    return 2;
  }
  const places = checkPlaces(request);
  if (typeof places === 'string') return refuse(places);
  const stdin = request.file === '-' ? (streams.stdin ?? process.stdin) : undefined;
  const input = await readRecording(request.file, stdin);
  if (!input.ok) return refuse(input.reason);
  const analysis = analyse(input.recording.table);
  const selection = readSelection(request, analysis.table);
  if (typeof selection === 'string') return refuse(selection);
  const name = request.file === '-' ? 'standard input' : basename(request.file);
  const mistake = parseFilter(request.filter, analysis.table.clock).problems[0];
  if (mistake !== undefined) return refuse(`--filter: ${mistake.what} ${mistake.why} ${mistake.remedy}`);
  const remarks: string[] = [];
  const remark = (text: string) => void remarks.push(text);
  const code = await write({ ...request, ...input, ...selection, name, analysis, remark }, places, refuse);
  if (code === 0) for (const text of remarks) streams.stderr.write(`modshark export: ${escapeTerminal(text)}\n`);
  return code;
}

/** Reads the words of the command line; a sentence where they make no request. */
function readRequest(argv: readonly string[]): Request | string {
  const text = { type: 'string' } as const;
  const options = {
    module: { type: 'string', multiple: true },
    from: text,
    to: text,
    filter: text,
    tracks: text,
    theme: text,
    scale: text,
    ...Object.fromEntries(Object.keys(outputs).map((option) => [option, text])),
  } as const;
  let parsed: ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>;
  try {
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith('ERR_PARSE_ARGS') !== true) throw error;
    return `${message.split('. ')[0]!.replace(/\.$/, '')}.`;
  }
  const { values, positionals } = parsed;
  const [file, ...more] = positionals;
  if (file === undefined) return 'FILE is missing.';
  if (more.length > 0) return `one recording at a time: ${positionals.join(', ')} are ${positionals.length}.`;
  const theme = exportThemes.find((known) => known === (values.theme ?? 'light'));
  if (theme === undefined) return `--theme is one of ${exportThemes.join(', ')}, not ${values.theme}.`;
  const scale = Number(values.scale ?? 1);
  if (!(scale >= 1 && scale <= 4)) return `--scale is a number from 1 to 4, not ${values.scale}.`;
  const mostTracks = values.tracks === 'all' ? Number.POSITIVE_INFINITY : Number(values.tracks ?? MOST_TRACKS);
  if (!(mostTracks >= 1)) return `--tracks is a number from 1 on, or all, not ${values.tracks}.`;
  const given = values as Readonly<Record<string, string | undefined>>;
  const files = new Map(
    Object.keys(outputs).flatMap((option) => (given[option] === undefined ? [] : [[option, given[option]] as const])),
  );
  if (files.size === 0) return 'nothing is asked for.';
  const { from, to, filter = '' } = values;
  return { file, modules: [...new Set(values.module)], from, to, filter, mostTracks, theme, scale, files };
}

/** The places of the files asked for, by option; a sentence where one cannot be written. */
function checkPlaces({ file, files }: Request): ReadonlyMap<string, OutputFile> | string {
  const places = new Map<string, OutputFile>();
  for (const [option, path] of files) {
    const endings = Object.keys(outputs[option]!.forms);
    if (!endings.includes(endingOf(path)))
      return `--${option} writes a file whose name ends in .${endings.join(' or .')}, not ${path}.`;
    try {
      const place = checkOutput(path, file === '-' ? [] : [file]);
      if (typeof place === 'string') return place;
      if ([...places.values()].some(({ target }) => target === place.target)) return `${path} is asked for twice.`;
      places.set(option, place);
    } catch (error) {
      return `${path} cannot be written: ${whyFileFails(error)}`;
    }
  }
  return places;
}

/** Modules and times as this recording has them; a sentence where it has not. */
function readSelection({ modules, from, to }: Request, table: EventTable): Pick<ExportJob, 'from' | 'to'> | string {
  for (const module of modules) {
    if (table.modules.includes(module)) continue;
    const near = suggestNames(module, table.modules);
    return `the recording has no event of a module named ${module}.${near.length === 0 ? '' : ` Is it ${near.join(', ')}?`}`;
  }
  const times: (RecordingTime | undefined)[] = [];
  for (const text of [from, to]) {
    const time = text === undefined ? undefined : parseTime(table.clock, text);
    if (text !== undefined && time === undefined) {
      const form = table.clock.unit === 'ticks' ? 'a whole number of ticks' : 'seconds, such as 102.168297';
      return `${text} is no time of this recording, which prints ${form}.`;
    }
    times.push(time);
  }
  const [start, end] = times;
  if (start !== undefined && end !== undefined && start >= end) return `--from ${from} is not before --to ${to}.`;
  const last = table.time[table.length - 1]!;
  if (start !== undefined && start > last)
    return `--from ${from} is after the last event, at ${printTime(table.clock, last)}.`;
  if (end !== undefined && end < 0) return `--to ${to} is before the first event, at ${printTime(table.clock, 0)}.`;
  return { from: start, to: end };
}

async function write(
  job: ExportJob,
  places: ReadonlyMap<string, OutputFile>,
  refuse: (reason: string, code?: number) => number,
): Promise<number> {
  const writer = new FileWriter();
  let path = '';
  try {
    for (const [option, place] of places) {
      path = place.path;
      const made = await outputs[option]!.forms[endingOf(path)]!(job, path);
      if ('refused' in made) {
        writer.abandon();
        return refuse(`${path} ${made.refused}`);
      }
      writer.write(place, made);
    }
    writer.finish();
    return 0;
  } catch (error) {
    writer.abandon();
    return refuse(`${path} cannot be written: ${whyFileFails(error)}`, 1);
  }
}

function endingOf(path: string): string {
  return /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
}
