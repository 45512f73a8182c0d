import { join } from 'node:path';
import { chooseBufferSize } from '../../shared/capture-protocol/choose-buffer-size.ts';
import { escapeTerminal } from '../../shared/export/escape-terminal.ts';
import type { Problem } from '../../shared/problem.ts';
import type { CaptureOutcome, CaptureSession } from '../host/capture/capture-session.ts';
import { createCaptureSession } from '../host/capture/create-capture-session.ts';
import type { HelperCommand } from '../host/capture/helper-command.ts';
import type { HostSystem } from '../host/capture/host-system.ts';
import { measureBufferRoom } from '../host/capture/measure-buffer-room.ts';
import { prepareCapture } from '../host/capture/prepare-capture.ts';
import { createSpoolFolder, type SpoolFolder } from '../host/capture/spool-folder.ts';
import { startTextAgent } from '../host/capture/start-text-agent.ts';
import { surveyCapture } from '../host/capture/survey-capture.ts';
import { checkOutput, type OutputFile } from './file-writer.ts';
import { printPreflight } from './print-preflight.ts';
import { showProgress, summarise } from './print-progress.ts';
import { type RecordArguments, readRecordArguments, recordUsage } from './read-record-arguments.ts';
import { whyFileFails } from './read-recording.ts';
import { untilStopped } from './until-stopped.ts';

/** Where the command speaks; the process's own streams, or a test's. */
export interface RecordStreams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
}

export interface RecordSurroundings {
  /** The folder of package.json, where a source checkout has built the helper. */
  readonly root: string;
  /** What the user keeps between runs: the spool lies there. */
  readonly state: string;
  /** How this command was called, to say how to do it as root. */
  readonly called: string;
  readonly system: HostSystem;
  /** Instead of what would be chosen, and without looking what stands in the way. */
  readonly command?: HelperCommand;
  /** Instead of Ctrl-C. */
  readonly stopped?: Promise<unknown>;
}

const exits = { recorded: 0, early: 1, misuse: 2, nothing: 3, cancelled: 130 } as const;

/**
 * `modshark record`: records the live system into a file.
 *
 * Errors: gives the exit code, with the reason on stderr.
 */
export async function runRecord(
  argv: readonly string[],
  streams: RecordStreams,
  surroundings: RecordSurroundings,
): Promise<number> {
  const say = (line: string) => void streams.stderr.write(`${line}\n`);
  const asked = readRecordArguments(argv, chooseBufferSize(measureBufferRoom(surroundings.system)));
  const byHand = ['sudo', surroundings.called, 'record', ...argv].map(quote).join(' ');
  switch (asked.kind) {
    case 'help':
      streams.stdout.write(recordUsage);
      return exits.recorded;
    case 'misuse':
      say(`modshark record: ${escapeTerminal(asked.reason)}`);
      streams.stderr.write(recordUsage);
      return exits.misuse;
    case 'check':
      return printPreflight(surroundings.system, surroundings.root, streams) ? exits.recorded : exits.nothing;
    case 'record':
      return record(asked, byHand, streams, surroundings);
  }
}

async function record(
  { request, output, durationMs }: Extract<RecordArguments, { kind: 'record' }>,
  byHand: string,
  streams: RecordStreams,
  { root, state, system, command: given, stopped }: RecordSurroundings,
): Promise<number> {
  const say = (line: string) => void streams.stderr.write(`${line}\n`);
  const tell = (problem: Problem) => say(describe(problem));
  const target = findTarget(output ?? `modshark-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.txt`);
  if (typeof target === 'string') {
    say(`modshark record: ${escapeTerminal(target)}`);
    return exits.misuse;
  }
  const prepared =
    given === undefined
      ? prepareCapture(surveyCapture({ system, root, byHand }))
      : { ok: true as const, command: given };
  if (!prepared.ok) {
    for (const problem of prepared.problems) tell(problem);
    return exits.nothing;
  }
  const spools = createSpoolFolder(state);
  await mentionLeft(spools, say);
  const agent = await startTextAgent(system, prepared.command.way);
  const created = await createCaptureSession({ request, command: prepared.command, spools });
  if (!created.ok) {
    tell(created.problem);
    agent.close();
    return exits.nothing;
  }
  const { session } = created;
  void (stopped ?? untilStopped().promise).then(() => session.stop());
  session.onNotice(tell);
  await session.started;
  agent.close();
  const outcome = await watch(session, durationMs, target, streams);
  if (outcome.problem !== undefined) tell(outcome.problem);
  if (outcome.path === undefined) return outcome.end === 'cancelled' ? exits.cancelled : exits.nothing;
  return save(outcome, outcome.path, target, spools, streams);
}

async function watch(
  session: CaptureSession,
  durationMs: number | undefined,
  target: OutputFile,
  streams: RecordStreams,
): Promise<CaptureOutcome> {
  if (session.progress.state !== 'recording') return session.ended;
  const { names, which } = session.request.modules;
  const what = names.length === 0 ? 'all modules' : `${which === 'only' ? '' : 'all modules but '}${names.join(', ')}`;
  streams.stderr.write(`Recording ${what} into ${escapeTerminal(target.path)}. Ctrl-C stops.\n`);
  const timer = durationMs === undefined ? undefined : setTimeout(() => void session.stop(), durationMs);
  const done = streams.stderr.isTTY ? showProgress(session, streams.stderr) : () => undefined;
  const outcome = await session.ended;
  clearTimeout(timer);
  done();
  return outcome;
}

async function save(
  { progress, problem, end }: CaptureOutcome,
  path: string,
  target: OutputFile,
  spools: SpoolFolder,
  { stdout, stderr }: RecordStreams,
): Promise<number> {
  try {
    await spools.save(path, target.target);
  } catch (error) {
    stderr.write(`${escapeTerminal(target.path)} could not be written: ${whyFileFails(error)}\n`);
    stderr.write(`The recording is kept in ${escapeTerminal(path)}\n`);
    return exits.early;
  }
  const file = quote(target.path);
  // The kernel's counts are of what was read from it, the rest of which the disk did not take.
  const rest = end === 'disk-failed' ? '; not all of them are in the file' : '';
  stdout.write(`${escapeTerminal(target.path)}: ${summarise(progress)}${rest}\n`);
  stdout.write(`  modshark ${file}            opens it\n  modshark explain ${file}    says who holds what\n`);
  return problem === undefined ? exits.recorded : exits.early;
}

/** Recordings whose program died are the user's, and nobody else will tell. */
async function mentionLeft(spools: SpoolFolder, say: (line: string) => void): Promise<void> {
  for (const { name, bytes } of (await spools.listLeft()).slice(0, 5)) {
    say(`An unfinished recording is kept (${bytes} bytes): ${escapeTerminal(join(spools.path, name))}`);
  }
}

function findTarget(path: string): OutputFile | string {
  try {
    return checkOutput(path, []);
  } catch (error) {
    return `${path} cannot be written: ${whyFileFails(error)}`;
  }
}

function describe({ what, why, remedy }: Problem): string {
  return escapeTerminal([what, why, remedy].filter((part) => part !== '').join(' '));
}

/** A word as a shell reads it back. */
function quote(word: string): string {
  if (/^[\w./:@%+=,-]+$/.test(word)) return word;
  return `'${escapeTerminal(word).replaceAll("'", "'\\''")}'`;
}
