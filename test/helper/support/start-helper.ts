import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { createFrameDecoder } from '../../../shared/capture-protocol/create-frame-decoder.ts';
import type { HelperFrame } from '../../../shared/capture-protocol/helper-frame.ts';
import { createVigil } from '../../support/create-vigil.ts';

export const binaries = new URL('../../../out/test-helper/', import.meta.url).pathname;

export interface RunningHelper {
  readonly process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly frames: HelperFrame[];
  /** The first frame, past or future, that fits; fails when the helper ends without it. */
  until<Frame extends HelperFrame>(fits: (frame: HelperFrame) => frame is Frame): Promise<Frame>;
  /** Waits for the end of the process. */
  ended(): Promise<HelperEnd>;
}

export interface HelperEnd {
  readonly status: number | null;
  readonly frames: readonly HelperFrame[];
  readonly stderr: string;
  /** Why the frames could not be understood. */
  readonly failure: string | undefined;
}

export interface StartOptions {
  readonly program?: 'fake-helper' | 'capture-helper';
  readonly argv?: readonly string[];
  readonly env?: Record<string, string>;
  readonly uid?: number;
}

/** Starts a helper whose tracefs is a tree of files. */
export function startHelper(tree: string, options: StartOptions = {}): RunningHelper {
  const { PATH = '' } = process.env;
  const { program = 'fake-helper', argv = [], env = {}, uid } = options;
  const child = spawn(join(binaries, program), argv, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { FAKE_TRACEFS: tree, PATH, ...env },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const decoder = createFrameDecoder();
  const frames: HelperFrame[] = [];
  const vigil = createVigil();
  let stderr = '';
  let over = false;
  child.stdin.on('error', () => undefined); // a helper that refuses does not read to the end
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('latin1');
  });
  child.stdout.on('data', (chunk: Buffer) => {
    frames.push(...decoder.push(chunk));
    vigil.notice();
  });
  const end = new Promise<HelperEnd>((resolve) => {
    child.on('close', (status) => {
      over = true;
      vigil.notice();
      resolve({ status, frames, stderr, failure: decoder.finish()?.why });
    });
  });

  return {
    process: child,
    frames,
    async until(fits) {
      await vigil.until(() => over || frames.some(fits));
      const found = frames.find(fits);
      if (found === undefined) throw new Error(`ended first: ${JSON.stringify(frames.at(-2))} ${stderr}`);
      return found;
    },
    ended: () => end,
  };
}

/** A test for frames of one kind. */
export function isKind<Kind extends HelperFrame['kind']>(kind: Kind) {
  return (frame: HelperFrame): frame is Extract<HelperFrame, { kind: Kind }> => frame.kind === kind;
}
