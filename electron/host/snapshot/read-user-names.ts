import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { encodeFacts } from '../../../shared/capture-protocol/encode-facts.ts';

/** More than a machine has of its own; a directory of a company may have more, and is told of by its first. */
const MOST_USERS = 20_000;
const PATIENCE_MS = 1500;

/**
 * Names of users as a fact beside those of the helper, which looks nobody up: that would run modules of name services
 * as root. Those of networks too, where the system lists them soon; else those of /etc/passwd, and the others by number.
 */
export async function readUserNames(): Promise<Uint8Array> {
  const text = await listUsers()
    .catch(() => readFile('/etc/passwd', 'latin1'))
    .catch(() => '');
  return encodeUserNames(text);
}

/** What getent(1) lists; rejects where it does not, or not in time: a directory may hang, and no look waits for that. */
function listUsers(): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { encoding: 'latin1', maxBuffer: 4 * 1024 * 1024, killSignal: 'SIGKILL' } as const;
    const getent = execFile('getent', ['passwd'], options, (error, stdout) => {
      clearTimeout(limit);
      if (error === null) resolve(stdout);
      else reject(error);
    });
    const limit = setTimeout(() => {
      reject(new Error('getent does not answer'));
      // One that hangs in the kernel dies late, and what it started may keep its output open for longer: neither is waited for.
      getent.kill('SIGKILL');
      getent.stdout?.destroy();
      getent.stderr?.destroy();
      getent.unref();
    }, PATIENCE_MS);
  });
}

/** `:users` of lines as in passwd(5): number and name; of two names of one number the first, as the system takes it. */
export function encodeUserNames(passwd: string): Uint8Array {
  const names = new Map<string, string>();
  for (const line of passwd.split('\n')) {
    const [name = '', , number = ''] = line.split(':');
    if (name === '' || !/^\d{1,10}$/.test(number) || names.has(number) || names.size >= MOST_USERS) continue;
    names.set(number, name);
  }
  const fields = [...names].map(([number, name]) => `${number}\0${name.replaceAll('\0', '')}\0`);
  return encodeFacts(':users', fields.join(''));
}
