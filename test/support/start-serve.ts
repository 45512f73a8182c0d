import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { command } from './project-paths.ts';

/** A running `modshark serve`. */
export interface RunningServe {
  /** The address that it printed, token and all. */
  readonly address: string;
  readonly process: ChildProcess;
  /** Sends SIGTERM and waits for the exit code. */
  stop(): Promise<number | null>;
}

/**
 * Starts `modshark serve` as a person would, and waits for its address.
 *
 * @param longestFile what the kernel lets it write into one file: RLIMIT_FSIZE, see setrlimit(2)
 */
export async function startServe(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  program = command,
  longestFile?: number,
): Promise<RunningServe> {
  const limited = longestFile === undefined ? [] : ['prlimit', `--fsize=${longestFile}`];
  const [file, ...rest] = [...limited, process.execPath, program, 'serve', ...argv];
  const child = spawn(file!, rest, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const address = await Promise.race([
    new Promise<string>((resolve) => createInterface(child.stdout).once('line', resolve)),
    exited.then((code) => Promise.reject(new Error(`modshark serve ended with ${code}: ${complaint}`))),
  ]);
  return {
    address,
    process: child,
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}
