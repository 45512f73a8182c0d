import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { modprobe, must } from '../kernel.ts';
import { startPuppet } from '../puppet.ts';
import { check } from '../report.ts';

const dev = 1000;
const program = ['/lab/bin/node', '/lab/modshark/out/electron/cli.mjs', 'why'] as const;

interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line as an ordinary user, or as root. */
function ask(argv: readonly string[], uid = dev, environment = {}): Answer {
  const [file, ...rest] = argv;
  const env = { PATH: '/sbin:/bin', HOME: '/tmp', ...environment };
  const { status, stdout, stderr } = spawnSync(file!, rest, { encoding: 'utf8', env, uid, gid: uid });
  return { status, stdout, stderr };
}

const why = (...argv: string[]) => ask([...program, ...argv]);

/** Processes that are not this user's; threads of the kernel have no command line. */
function processesOfOthers(): number {
  const isOther = (pid: string) =>
    statSync(`/proc/${pid}`).uid !== dev && readFileSync(`/proc/${pid}/cmdline`, 'latin1') !== '';
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && existsSync(`/proc/${name}`) && isOther(name))
    .length;
}

/** `modshark why` itself, as an ordinary user types it. */
export const whyCommand = {
  'modshark why, as an ordinary user': async () => {
    const unknown = why('testmud');
    check('exit 3: it is not there', [unknown.status, unknown.stdout], [3, '']);
    modprobe('testmod');
    chmodSync('/dev/testmod', 0o666);
    const near = why('testmud');
    check('and what may have been meant', near, {
      status: 3,
      stdout: '',
      stderr: 'modshark why: no module named testmud is loaded. Is it testmod?\n',
    });
    const free = why('testmod');
    check(
      'exit 0: nothing holds it',
      [free.status, lastLine(free.stdout), free.stderr],
      [
        0,
        'To unload it: Nothing holds testmod: modprobe -r testmod unloads it. It was built outside of the kernel: where modprobe does not find it, rmmod testmod does.',
        '',
      ],
    );
    const own = await startPuppet('editor', dev);
    await own.do('open /dev/testmod');
    const mine = why('testmod');
    check(
      'exit 1: what the user holds',
      [mine.status, lineWith(mine.stdout, 'reference:'), mine.stderr],
      [1, `  - 1 reference: editor (${own.pid}), /dev/testmod`, ''],
    );
    const daemon = await startPuppet('daemon');
    await daemon.do('open /dev/testmod');
    const theirs = why('testmod');
    check(
      'exit 2: somebody else holds it as well',
      [theirs.status, lineWith(theirs.stdout, 'explained'), lineWith(theirs.stdout, 'ordinary user'), theirs.stderr],
      [
        2,
        'testmod: live, 1 explained, 1 unexplained, taints OE',
        '  ! Looked as an ordinary user: what other users hold cannot be seen.',
        'modshark why: --root looks as root, who sees what every user holds.\n',
      ],
    );
    const [, hidden] = /open files of (\d+) processes of other users/.exec(theirs.stdout) ?? [];
    check('and how much could not be looked at', Number(hidden), processesOfOthers());
    const json = JSON.parse(why('testmod', '--json').stdout);
    check('the same for programs', JSON.stringify(json).includes('"unexplained":1'), true);
    const root = ask([...program, 'testmod'], 0);
    check(
      'root sees both',
      [
        root.status,
        root.stdout
          .split('\n')
          .filter((line) => line.includes('1 reference:'))
          .sort(),
      ],
      [
        1,
        [`  - 1 reference: daemon (${daemon.pid}), /dev/testmod`, `  - 1 reference: editor (${own.pid}), /dev/testmod`],
      ],
    );
    check(
      'a reader who has seen enough',
      ask(['/sbin/bash', '-c', `${program.join(' ')} | head -1; echo $\{PIPESTATUS[0]}`]),
      {
        status: 0,
        stdout: `module${lineWith(why().stdout, 'explained').slice(6)}\n2\n`,
        stderr: '',
      },
    );
    mkdirSync('/dev/pts', { recursive: true });
    must('mount', '-t', 'devpts', 'devpts', '/dev/pts');
    const terminal = ['/sbin/script', '-qec', `stty cols 40; ${program.join(' ')} testmod`, '/dev/null'];
    const narrow = ask(terminal, 0);
    const lines = narrow.stdout.replaceAll('\r', '').split('\n');
    const commands = /^ +(or: |let go: .*: )?(kill|modprobe) /;
    check(
      'in 40 columns nothing is cut, and only what is copied is wider',
      [
        narrow.status,
        lines.filter((line) => line.length > 40 && !commands.test(line)),
        lines.join(' ').replace(/\s+/g, ' '),
      ],
      [1, [], root.stdout.replace(/\s+/g, ' ')],
    );
    must('/sbin/umount', '/dev/pts');
    for (const puppet of [own, daemon]) await puppet.kill();
    must('/sbin/rmmod', 'testmod');
  },
};

const lastLine = (text: string) => text.trimEnd().split('\n').at(-1);

const lineWith = (text: string, part: string) => text.split('\n').find((line) => line.includes(part)) ?? '';
