import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { accountFor } from '../../../../shared/analysis/account-for.ts';
import { analyse } from '../../../../shared/analysis/analyse.ts';
import { createTraceReader } from '../../../../shared/trace-text/trace-reader.ts';
import { eventually, instanceNames, modprobe, must, run } from '../kernel.ts';
import { startPuppet } from '../puppet.ts';
import { check } from '../report.ts';

const helper = '/usr/libexec/modshark/capture-helper';
const home = '/tmp/dev';
const file = `${home}/recording.txt`;
const dev = 1000;

/** From the ordinary user's command through polkit to the kernel's events, and back to who holds the module. */
export const throughPolkit = {
  'an ordinary user records through pkexec': async () => {
    const daemons = await startPolkit();
    modprobe('testmod');
    const command = spawn('/lab/bin/node', ['/lab/record-as-user.mjs', '-o', file], {
      uid: dev,
      gid: dev,
      cwd: home,
      env: { HOME: home, PATH: '/usr/bin:/bin' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [command.stdout, command.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString('latin1');
      });
    }
    const ended = new Promise<number | null>((resolve) => command.on('close', resolve));
    await eventually(`it records: ${said}`, () => said.includes('Ctrl-C stops') || command.exitCode !== null);
    check('it records', said, `Recording all modules into ${file}. Ctrl-C stops.\n`);
    check('the helper has one instance', instanceNames().length, 1);

    const holder = await startPuppet('systemd-logind');
    await holder.do('open /dev/testmod');
    check('rmmod is refused', run('/sbin/rmmod', 'testmod').status === 0, false);
    command.kill('SIGINT');
    check('it ends well', await ended, 0);
    check('tracefs is clean', instanceNames(), []);
    check('the file is the user’s', statSync(file).uid, dev);
    check('it names who holds the module', holdersIn(file), [`1× systemd-logind-${holder.pid}`]);

    await holder.kill();
    must('/sbin/rmmod', 'testmod');
    for (const daemon of daemons) daemon.kill('SIGTERM');
  },
};

async function startPolkit(): Promise<ChildProcess[]> {
  for (const path of ['/usr/libexec/modshark', '/run/dbus', home]) mkdirSync(path, { recursive: true });
  copyFileSync('/lab/bin/capture-helper', helper);
  chmodSync(helper, 0o755);
  chownSync(home, dev, dev);
  // Whoever packed the image need not have been root.
  chownSync('/usr/bin/pkexec', 0, 0);
  chmodSync('/usr/bin/pkexec', 0o4755);
  const bus = spawn('/usr/bin/dbus-daemon', ['--system', '--nofork', '--nopidfile'], { stdio: 'inherit' });
  await eventually('the bus is there', () => existsSync('/run/dbus/system_bus_socket'));
  const polkitd = ['/usr/lib/polkit-1/polkitd', '/usr/libexec/polkitd', '/usr/libexec/polkit-1/polkitd'];
  const polkit = spawn(polkitd.find((path) => existsSync(path))!, ['--no-debug'], { stdio: 'inherit' });
  let said = '';
  const answers = () => {
    const { status, output } = run('/usr/bin/pkexec', '--disable-internal-agent', helper);
    said = output;
    return status === 0;
  };
  await eventually('polkit answers', answers).catch(() => {
    throw new Error(`polkit does not answer: ${said}`);
  });
  return [polkit, bus];
}

function holdersIn(path: string): string[] {
  const reader = createTraceReader();
  reader.push(readFileSync(path));
  const outcome = reader.finish();
  if (!outcome.ok) return [outcome.problem.what];
  const { table } = outcome.recording;
  const { holders } = accountFor(analyse(table), 'testmod', table.time[table.length - 1]!);
  return holders.map(({ references, name, pid }) => `${references}× ${name}-${pid}`);
}
