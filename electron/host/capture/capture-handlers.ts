import { isModuleName } from '../../../shared/capture-protocol/check-capture-request.ts';
import { chooseBufferSize } from '../../../shared/capture-protocol/choose-buffer-size.ts';
import type { captureRequests } from '../../../shared/ipc/capture-contract.ts';
import type { TraceOffer } from '../../../shared/ipc/contract.ts';
import type { Handlers } from '../../../shared/ipc/server.ts';
import type { tracefsRequests } from '../../../shared/ipc/tracefs-contract.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { OpenTraces } from '../open-traces.ts';
import type { CaptureMeans } from './capture-means.ts';
import { gone, type Recorder } from './create-recorder.ts';
import { measureBufferRoom } from './measure-buffer-room.ts';
import { prepareCapture } from './prepare-capture.ts';
import { readTracefs } from './read-tracefs.ts';
import type { LeftRecording, SpoolFolder } from './spool-folder.ts';
import { type CaptureSurvey, surveyCapture } from './survey-capture.ts';

export interface CaptureHandlersOptions {
  readonly recorder: Recorder;
  readonly spools: SpoolFolder;
  readonly means: CaptureMeans;
  /** The folder of package.json. */
  readonly root: string;
  /** Whether the window has a terminal. */
  readonly hasPane: boolean;
  /** The texts of the window that asks. */
  readonly traces: OpenTraces;
  /** The desktop's own dialog, where there is one; undefined when it was dismissed. */
  readonly chooseTarget: ((name: string) => Promise<string | undefined>) | undefined;
  /** Makes an offer of what was saved. */
  offerSaved(path: string): Promise<TraceOffer>;
}

/** Answers what one window asks of the host's recorder. */
export function createCaptureHandlers(
  options: CaptureHandlersOptions,
): Pick<Handlers, keyof typeof captureRequests | keyof typeof tracefsRequests> {
  const { recorder, spools, means, root, hasPane, traces, chooseTarget, offerSaved } = options;
  const byHand = `sudo ${means.called} record -o recording.txt`;

  const suitableBuffer = () => chooseBufferSize(measureBufferRoom(means.system));

  function survey(): CaptureSurvey {
    const found = surveyCapture({ system: means.system, root, byHand, hasPane });
    const command = means.command?.();
    const asks = means.asks?.() ?? found.asks;
    return command === undefined ? found : { ...found, chosen: { ok: true, command }, way: command.way, asks };
  }

  async function findLeft(name: string): Promise<LeftRecording | undefined> {
    const left = await spools.listLeft();
    return left.find((one) => nameOf(one) === name);
  }

  return {
    'capture.preflight': async () => {
      const { chosen, way, checks, asks } = survey();
      const found = checks.map(({ name, ok, blocks, detail, remedy }) => ({ name, ok, blocks, detail, remedy }));
      return { way: chosen.ok ? way : null, asks, checks: found, byHand, bufferKiB: suitableBuffer() };
    },
    'capture.modules': async () => listModules(means.system.read('/proc/modules') ?? ''),
    'capture.start': async (wish) => {
      const prepared = prepareCapture(survey());
      if (!prepared.ok) return { ok: false, problem: joinProblems(prepared.problems) };
      return recorder.start({ ...wish, bufferKiB: wish.bufferKiB ?? suitableBuffer() }, prepared.command);
    },
    'tracefs.read': async () => {
      const prepared = prepareCapture(survey());
      if (prepared.ok) return readTracefs(prepared.command);
      const { why, remedy } = joinProblems(prepared.problems);
      return { ok: false, end: 'not-started', problem: { what: 'tracefs cannot be read.', why, remedy } };
    },
    'capture.running': async () => recorder.state ?? null,
    'capture.follow': async ({ capture }) => {
      const found = recorder.follow(capture);
      return found === undefined ? { ok: false, problem: gone } : traces.send(found.name, found.bytes, found.content);
    },
    'capture.stop': async ({ capture }) => {
      // How it ends is told by capture.ended, which may take until the kernel's buffer is read out.
      void recorder.session(capture)?.stop();
      return null;
    },
    'capture.clear': async ({ capture }) => {
      recorder.session(capture)?.clear();
      return null;
    },
    'capture.buffer': async ({ capture }) => {
      const session = recorder.session(capture);
      const { hello, counts = [] } = session ?? {};
      return {
        instance: hello === undefined ? '' : `${hello.tracefs}/instances/${hello.instance}`.slice(0, 512),
        cpus: counts
          .slice(0, 1024)
          .map(({ cpu, entries, overrun, dropped, read }) => ({ cpu, entries, overrun, dropped, read })),
      };
    },
    'capture.save': async ({ capture }) => {
      const { state } = recorder;
      if (state?.capture !== capture || state.ended?.kept !== true) return { state: 'failed', problem: gone };
      if (chooseTarget === undefined) return { state: 'download' };
      const path = await chooseTarget(state.name);
      if (path === undefined) return { state: 'dismissed' };
      const saved = await recorder.save(capture, path);
      if (!saved.ok) return { state: 'failed', problem: saved.problem };
      return { state: 'saved', offer: await offerSaved(path) };
    },
    'capture.downloaded': async ({ capture }) => {
      recorder.copied(capture);
      return null;
    },
    'capture.discard': ({ capture }) => recorder.discard(capture),
    'capture.left': async () => {
      // Where the folder cannot even be listed, the next recording says why.
      const left = await spools.listLeft().catch(() => []);
      return left.slice(0, 64).map((one) => ({ left: nameOf(one), bytes: one.bytes, begun: one.begun.toISOString() }));
    },
    'capture.keep': async ({ left }) => {
      const found = await findLeft(left);
      return found === undefined ? { ok: false, problem: gone } : recorder.take(found);
    },
    'capture.discardLeft': async ({ left }) => {
      const found = await findLeft(left);
      if (found === undefined) return { ok: false, problem: gone };
      await spools.discard(found.path);
      return { ok: true };
    },
  };
}

/** Source: m_show in kernel/module/procfs.c: the name comes first on each line. */
function listModules(text: string): string[] {
  const names = text.split('\n').map((line) => line.slice(0, line.indexOf(' ')));
  return names.filter(isModuleName).sort().slice(0, 1000);
}

/** A name that the page can give back: it is looked up in the list, and never made a path. */
function nameOf({ name }: LeftRecording): string {
  return name.replace(/\.txt$/, '');
}

function joinProblems(problems: readonly Problem[]): Problem {
  const [first, ...others] = problems;
  const why = [first!.why, ...others.map(({ what, why }) => `${what} ${why}`)].join(' ');
  return {
    what: first!.what,
    why: why.slice(0, 4096),
    remedy: problems
      .map(({ remedy }) => remedy)
      .join(' ')
      .slice(0, 4096),
  };
}
