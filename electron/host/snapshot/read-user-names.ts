import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { encodeFacts } from '../../../shared/capture-protocol/encode-facts.ts';

/** More than a machine has of its own; a directory of a company may have more, and is told of by its first. */
const MOST_USERS = 20_000;
const PATIENCE_MS = 1500;

/**
 * Names of users as a fact beside those of the helper, which looks nobody up: that would run modules of name services
 * as root. Those of networks too, where the system lists them; else those of /etc/passwd.
 */
export async function readUserNames(): Promise<Uint8Array> {
  const options = { encoding: 'latin1', timeout: PATIENCE_MS, maxBuffer: 4 * 1024 * 1024 } as const;
  const listed = promisify(execFile)('getent', ['passwd'], options).then(({ stdout }) => stdout);
  const text = await listed.catch(() => readFile('/etc/passwd', 'latin1')).catch(() => '');
  return encodeUserNames(text);
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
