import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRecorder, type Recorder } from '../../../../electron/host/capture/create-recorder.ts';
import { createSpoolFolder } from '../../../../electron/host/capture/spool-folder.ts';
import { accountFor } from '../../../../shared/analysis/account-for.ts';
import { analyse } from '../../../../shared/analysis/analyse.ts';
import type { CaptureEnded } from '../../../../shared/ipc/capture-contract.ts';
import { createTraceReader } from '../../../../shared/trace-text/trace-reader.ts';
import { everything } from '../capture.ts';
import { eventually, instanceNames, modprobe, must } from '../kernel.ts';
import { type Puppet, startPuppet } from '../puppet.ts';
import { check, tell } from '../report.ts';

const small = '/tmp/small';
const smallBytes = 256 * 1024;
const elsewhere = '/tmp/elsewhere';
const helper = '/lab/bin/capture-helper';

/** A disk that a recording soon fills, a folder on another one, and a module that somebody holds. */
async function withSmallDisk(story: (holder: Puppet) => Promise<void>): Promise<void> {
  for (const folder of [small, elsewhere]) mkdirSync(folder, { recursive: true });
  must('mount', '-t', 'tmpfs', '-o', `size=${smallBytes}`, 'small', small);
  modprobe('testmod');
  const holder = await startPuppet('holder');
  await story(holder);
  check('the kernel’s buffer is gone, and everything that was ours in tracefs', instanceNames(), []);
  // Somebody who still had a file open, or worked in it, would keep it busy.
  must('/sbin/umount', small);
  rmSync(elsewhere, { recursive: true });
  await holder.kill();
  must('/sbin/rmmod', 'testmod');
}

/** Opens and closes the module's device more often than the small disk has room for. */
async function makeMuch(): Promise<void> {
  const reader = await startPuppet('reader');
  await reader.do('open-close /dev/testmod 4000');
  await reader.kill();
}

/** `modshark record`, and what it said when it has ended. */
function record(state: string, file: string) {
  const child = spawn('/lab/bin/node', ['/lab/modshark/out/electron/cli.mjs', 'record', '-o', file], {
    env: { PATH: '/sbin:/bin', HOME: '/root', XDG_STATE_HOME: state },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk: Buffer) => {
      said[name] += chunk.toString('utf8');
    });
  const ended = new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) =>
    child.on('close', (status) => resolve({ status, ...said })),
  );
  const runs = () => eventually('it records', () => said.stderr.includes('Ctrl-C stops') || child.exitCode !== null);
  return { runs, ended, stop: () => child.kill('SIGINT') };
}

/** What ModShark says of the module at the end of a file. */
function answerOf(path: string) {
  const reader = createTraceReader();
  reader.push(readFileSync(path));
  const outcome = reader.finish();
  if (!outcome.ok) return outcome.problem;
  const { table, lines } = outcome.recording;
  const { unexplained, holders } = accountFor(analyse(table), 'testmod', table.time[table.length - 1]!);
  const others = holders.filter(({ name }) => name !== 'reader');
  return {
    rejected: lines.rejected,
    unexplained,
    holders: others.map(({ references, name, pid }) => `${references}× ${name}-${pid}`),
  };
}

/** What is true of the module while nothing but `holder` keeps it. */
const heldBy = ({ pid }: Puppet) => ({ rejected: 0, unexplained: 0, holders: [`1× holder-${pid}`] });

/** A recorder as the window has it, and how each of its recordings ends. */
function createWindowRecorder(state: string) {
  const ends: CaptureEnded[] = [];
  const recorder = createRecorder({
    spools: createSpoolFolder(state),
    onProgress: () => {},
    onNotice: () => {},
    onEnded: (_capture, _progress, ended) => ends.push(ended),
    onChanged: () => {},
  });
  return { recorder, ends };
}

async function begin(recorder: Recorder): Promise<number> {
  const started = await recorder.start(everything, { way: 'root', file: helper, argv: [] });
  if (!started.ok) throw new Error(started.problem.why);
  const { capture } = started.state;
  await recorder.session(capture)?.started;
  return capture;
}

/** ENOSPC from a real file system, in the middle of a recording. */
export const fullDisk = {
  'the disk fills up under modshark record': () =>
    withSmallDisk(async (holder) => {
      const file = `${small}/recording.txt`;
      const command = record(small, file);
      await command.runs();
      await holder.do('open /dev/testmod');
      await makeMuch();
      const { status, stdout, stderr } = await command.ended;
      check('exit 1: it ended early', status, 1);
      check(
        'it says what happened, and that it kept what it had',
        stderr.split('\n')[1]?.replace(/\S+\/spool\/\S+/, '…'),
        [
          'The recording ended early. … could not be written. The disk is full.',
          'Make room or set XDG_STATE_HOME to a folder elsewhere. What had been recorded is kept.',
        ].join(' '),
      );
      const [summary = ''] = stdout.split('\n');
      check('it names the file', summary.startsWith(`${file}: `), true);
      check(
        'and does not claim that all events are in it',
        summary.endsWith('; not all of them are in the file'),
        true,
      );
      tell('what it says of it', summary);
      check('which took all the room there was', statSync(file).size > 0.9 * smallBytes, true);
      check('and has its name, and no other', readdirSync(`${small}/modshark/spool`), []);
      check('it names who holds the module', answerOf(file), heldBy(holder));
    }),

  'the disk fills up under a window’s recording, which is then saved elsewhere': () =>
    withSmallDisk(async (holder) => {
      const { recorder, ends } = createWindowRecorder(small);
      const capture = await begin(recorder);
      await holder.do('open /dev/testmod');
      await makeMuch();
      await eventually('it ends', () => ends.length === 1);
      check('the disk ended it', [ends[0]?.end, ends[0]?.kept], ['disk-failed', true]);
      check('it is told', ends[0]?.problem?.why.replace(/^\S+/, '…'), '… could not be written. The disk is full.');
      check('the window still has it', recorder.state?.capture, capture);
      const again = await recorder.start(everything, { way: 'root', file: helper, argv: [] });
      await eventually('the next one ends', () => ends.length === 2 || !again.ok);
      check(
        'the next one has no room either, and leaves nothing',
        [ends[1]?.end, ends[1]?.kept],
        ['disk-failed', false],
      );
      check('nor a recording that nobody can look at', recorder.state, undefined);
      const [left] = await createSpoolFolder(small).listLeft();
      const taken = await recorder.take(left!);
      const target = `${elsewhere}/mine.txt`;
      const saved = taken.ok ? await recorder.save(taken.state.capture, target) : taken;
      check('what the first one kept is offered, and is saved on another disk', saved, { ok: true });
      check('it names who holds the module', answerOf(target), heldBy(holder));
      check('which makes room', readdirSync(`${small}/spool`), []);
      await begin(recorder);
      await recorder.close();
      check('for the next recording', ends[2]?.end, 'stopped');
      rmSync(`${small}/spool`, { recursive: true });
    }),

  'the disk that modshark record is to save on has no room': () =>
    withSmallDisk(async (holder) => {
      const command = record(elsewhere, `${small}/recording.txt`);
      await command.runs();
      await holder.do('open /dev/testmod');
      await makeMuch();
      command.stop();
      const { status, stderr } = await command.ended;
      const [, unwritten, kept = ''] = stderr.split('\n');
      check('exit 1: it was not saved', status, 1);
      check('it says why', unwritten, `${small}/recording.txt could not be written: the disk is full.`);
      const path = kept.replace('The recording is kept in ', '');
      check('and where it is', path.startsWith(`${elsewhere}/modshark/spool/`), true);
      check('nothing of it lies on the full disk', readdirSync(small), []);
      check('what is kept is whole', answerOf(path), heldBy(holder));
    }),
};
