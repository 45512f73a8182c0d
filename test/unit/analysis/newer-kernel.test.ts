import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { accountFor } from '../../../shared/analysis/account-for.ts';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { fixtureBytes, readText, recordingOf } from '../../support/read-fixture.ts';

/** What the scenario had made true when so many lines were recorded. */
interface Truth {
  readonly step: string;
  readonly lines: number;
  readonly module: string;
  readonly holders: readonly { readonly name: string; readonly pid: number; readonly references: number }[];
}

const folder = 'recordings/debian-6.12';

function truthsOf(name: string): Truth[] {
  return JSON.parse(readFileSync(new URL(`../../fixtures/${folder}/${name}.truth.json`, import.meta.url), 'utf8'));
}

function linesOf(name: string): string[] {
  return Buffer.from(fixtureBytes(`${folder}/${name}.txt`))
    .toString('latin1')
    .split('\n');
}

function answer(lines: readonly string[], module: string) {
  const { table } = recordingOf(readText(`${lines.join('\n')}\n`));
  return accountFor(analyse(table), module, table.time[table.length - 1]!);
}

describe.each(['vkms', 'tun'])('a recording of a 6.12 kernel: %s', (name) => {
  it.each(truthsOf(name))('$step', ({ lines, module, holders }) => {
    const account = answer(linesOf(name).slice(0, lines), module);
    expect(account.lsmod).toBe(holders.reduce((sum, { references }) => sum + references, 0));
    expect(account.unexplained).toBe(0);
    expect(account.holders.map(({ name, pid, references }) => ({ name, pid, references }))).toEqual(holders);
  });
});

describe('what a 6.12 kernel does otherwise', () => {
  it('flags of get and put say nothing of preemption, and are read all the same', () => {
    expect(linesOf('vkms')[18]).toContain('[000] .....    17.572820: module_get: drm call_site=exact_lock refcnt=6');
  });

  it('the console of vkms holds the helper for shared memory', () => {
    const account = answer(linesOf('vkms').slice(0, 18), 'drm_shmem_helper');
    expect(account.arithmetic).toBe('drm_shmem_helper: 2 references = 1 module + 1 console of vkms');
  });

  it('a persistent tunnel is told of as on older ones', () => {
    const account = answer(linesOf('tun').slice(0, 5), 'tun');
    expect(account).toMatchObject({ lsmod: 3, explained: 3, unexplained: 0 });
  });
});
