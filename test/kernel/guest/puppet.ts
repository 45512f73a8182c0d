import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A process that stands in for another program and does as it is told (programs/puppet.c). */
export interface Puppet {
  readonly name: string;
  readonly pid: number;
  /** Gives it a command; the number that it answered. Fails when it could not do it. */
  do(command: string): Promise<number>;
  /** Ends it without a word, and waits for that. */
  kill(): Promise<void>;
}

/** Starts a process of this name, as root or as the user of this number. */
export async function startPuppet(name: string, uid?: number): Promise<Puppet> {
  const identity = uid === undefined ? {} : { uid, gid: uid };
  const child = spawn('/bin/puppet', [name], { stdio: ['pipe', 'pipe', 'inherit'], ...identity });
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const waiting: ((line: string) => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.(line));
  return {
    name,
    pid: child.pid!,
    do(command) {
      return new Promise((resolve, reject) => {
        waiting.push((line) => {
          const [word, value] = line.split(' ');
          if (word === 'ok') resolve(Number(value));
          else reject(new Error(`${name}: ${command}: ${line}`));
        });
        child.stdin.write(`${command}\n`);
      });
    },
    kill() {
      child.kill('SIGKILL');
      return exited;
    },
  };
}
