import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type OpenShell, openShell } from '../../support/open-shell.ts';

// Real shells, which a busy machine starts slowly.
vi.setConfig({ testTimeout: 30_000 });

/** Of each shell: where it is, and what a person has in the file that it reads, the prompt `$ ` among it. */
const shells = [
  { name: 'bash', rc: '.bashrc', text: "PS1='$ '\nHISTCONTROL=ignoreboth\nalias look='ls -d'\nmine=read\n" },
  { name: 'zsh', rc: '.zshrc', text: "PS1='$ '\nsetopt hist_ignore_space\nalias look='ls -d'\nmine=read\n" },
  {
    name: 'fish',
    rc: '.config/fish/config.fish',
    text: "function fish_prompt; echo '$ '; end\nset -g fish_greeting\nalias look='ls -d'\nset -g mine read\n",
  },
]
  .map((shell) => ({ ...shell, path: `/usr/bin/${shell.name}` }))
  // `npm test` installs those that are missing, where it may.
  .filter(({ path }) => existsSync(path));

test('bash is here, and whatever else of the three this machine has', () => {
  expect(shells.map(({ name }) => name)).toContain('bash');
});

describe.each(shells)('a person’s own $name', ({ name, path, rc, text }) => {
  async function open(more = '', env: NodeJS.ProcessEnv = {}): Promise<OpenShell> {
    const shell = await openShell(path, { files: { [rc]: text + more }, env });
    onTestFinished(async () => {
      shell.terminal.hangUp();
      await shell.ended;
    });
    await shell.until(() => shell.shown().includes('$ '));
    return shell;
  }
  /** What is marked of some lines, one after the other. */
  async function marked(shell: OpenShell, ...lines: string[]) {
    const told: [string, number | null][] = [];
    for (const line of lines) {
      const { line: text, exitCode } = await shell.run(line);
      told.push([text, exitCode]);
    }
    return told;
  }

  test('tells of each command with its text and its exit code, repeated ones too', async () => {
    const shell = await open();
    expect(shell.marks).toBe(true);
    expect(await marked(shell, 'true', 'false', 'false', 'look .', 'look .', 'look .  2>/dev/null')).toEqual([
      ['true', 0],
      ['false', 1],
      ['false', 1],
      ['look .', 0],
      ['look .', 0],
      ['look .  2>/dev/null', 0],
    ]);
  });

  test('tells the text as it was typed: quotes, semicolons, backslashes, letters of the world', async () => {
    const line = `printf '%s\\n' "a;b" 'c\\d' 'ä€🦈' | cat`;
    const shell = await open();
    expect(await marked(shell, line)).toEqual([[line, 0]]);
    expect(shell.shown()).toContain('ä€🦈');
  });

  test('keeps a line to itself that begins with a blank, and what came before it is not taken for it', async () => {
    const shell = await open();
    expect(await marked(shell, 'look .', ' look . --password=secret')).toEqual([
      ['look .', 0],
      ['', 2],
    ]);
  });

  test('stamps a command with its time on CLOCK_MONOTONIC', async () => {
    const shell = await open();
    const before = process.hrtime.bigint();
    const { from, until } = await shell.run('sleep 0.25');
    const after = process.hrtime.bigint();
    expect(BigInt(from) >= before && BigInt(until!) <= after).toBe(true);
    const took = Number(BigInt(until!) - BigInt(from)) / 1e6;
    expect(took).toBeGreaterThan(240);
  });

  test('tells of Ctrl-C, and of what runs while its terminal ends', async () => {
    const shell = await open();
    await shell.type(`sh -c 'echo began; exec sleep 100'`);
    await shell.until(() => /[\r\n]began/.test(shell.shown()) || /mbegan/.test(shell.shown()));
    await shell.terminal.write('\u0003');
    await shell.until(() => shell.commands()[0]?.until !== null);
    expect(shell.commands()[0]).toMatchObject({ line: `sh -c 'echo began; exec sleep 100'`, exitCode: 130 });
    await shell.type('exit 3');
    expect(await shell.ended).toBe(3);
    expect(shell.commands()[1]).toMatchObject({ line: 'exit 3', exitCode: 3 });
  });

  test('reads the person’s own files, and leaves every one of them as it was', async () => {
    const shell = await open();
    await shell.run('echo it was $mine');
    expect(shell.shown()).toContain('it was read');
    expect(await readFile(join(shell.home, rc), 'utf8')).toBe(text);
    expect(existsSync(join(shell.home, '.zshenv'))).toBe(false);
  });

  test('has no key in what it shows or gives to programs', async () => {
    const shell = await open();
    await shell.run('env');
    await shell.run(`cat /proc/self/environ | tr '\\0' '\\n'`);
    expect(shell.shown()).toContain('TERM_PROGRAM=ModShark');
    expect(shell.shown()).not.toContain(shell.key);
    expect(shell.shown()).not.toMatch(/MODSHARK_|ZDOTDIR/);
  });

  test('believes no mark of a program, whatever that prints', async () => {
    const shell = await open();
    const forged =
      '\u001b]133;C;modshark=guess;rm -rf /\u0007\u001b]133;D;0\u0007\u001b]133;C\u0007\u001b]633;E;evil\u0007';
    await writeFile(join(shell.home, 'evil'), forged);
    expect(await marked(shell, 'cat evil')).toEqual([['cat evil', 0]]);
    expect(shell.commands()).toHaveLength(1);
  });

  test('inherits no open file of the host', async () => {
    const shell = await open();
    await shell.run(
      `echo there are (ls -l /proc/self/fd | grep -cE 'socket|eventpoll|ptmx') of them`.replace('(', '$('),
    );
    expect(shell.shown()).toContain('there are 0 of them');
  });

  if (name === 'bash')
    test('keeps a trap and prompt commands of the person’s own', async () => {
      const shell = await open("trap 'trapped=$((trapped+1))' DEBUG\nPROMPT_COMMAND='prompted=$?'\n");
      expect(await marked(shell, 'false', '[ $prompted = 1 ]', 'test $trapped -gt 1')).toEqual([
        ['false', 1],
        ['[ $prompted = 1 ]', 0],
        ['test $trapped -gt 1', 0],
      ]);
    });

  if (name === 'zsh')
    test('finds its files where ZDOTDIR says, and says so to its programs', async () => {
      const shell = await openShell(path, {
        files: { 'z/.zshrc': "PS1='$ '\nmine=elsewhere\n", 'z/.zshenv': 'early=yes\n' },
        env: { ZDOTDIR: join('/proc/self/cwd', 'z') },
      });
      onTestFinished(() => shell.terminal.hangUp());
      await shell.until(() => shell.shown().includes('$ '));
      await shell.run('echo $mine $early $ZDOTDIR');
      expect(shell.shown()).toContain('elsewhere yes /proc/self/cwd/z');
    });
});
