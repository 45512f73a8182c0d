import { fileURLToPath } from 'node:url';
import { lookAtThisSystem } from '../host/capture/host-system.ts';
import { findAppFolders } from '../host/find-app-folders.ts';
import { findUserFolders } from '../host/find-user-folders.ts';
import { runExplain } from './explain.ts';
import { runExport } from './export.ts';
import { guardStreams } from './guard-streams.ts';
import { openWindow } from './open-window.ts';
import { type Command, parseArguments } from './parse-arguments.ts';
import { runRecord } from './record.ts';
import { serve } from './serve.ts';
import { usage } from './usage.ts';
import { runWhy } from './why.ts';
import { createWhySystem } from './why-system.ts';

/** The `modshark` command, built as out/electron/cli.mjs. Returns the exit code; 2 for a command line that was not understood. */
async function main(command: Command): Promise<number> {
  const app = findAppFolders(fileURLToPath(new URL('../..', import.meta.url)));
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const means = { system: lookAtThisSystem(), called: process.argv[1] ?? 'modshark' };
  switch (command.kind) {
    case 'open':
      return openWindow(app, command.files, means, say);
    case 'serve':
      return serve(app, command, means, say);
    case 'explain':
      return runExplain(command.argv, process);
    case 'export':
      return runExport(command.argv, process);
    case 'record':
      return runRecord(command.argv, process, {
        root: app.root,
        state: findUserFolders(process.env).state,
        ...means,
      });
    case 'why':
      return runWhy(command.argv, process, createWhySystem(means, app.root));
    case 'version':
      process.stdout.write(`${app.version}\n`);
      return 0;
    case 'help':
      process.stdout.write(usage);
      return 0;
    case 'misuse':
      say(`modshark: ${command.reason}. See modshark --help.`);
      return 2;
  }
}

const command = parseArguments(process.argv.slice(2));
// Of `why` 1 and 2 are answers, and 1 is what Node would give of itself.
const failed = { why: 3, explain: 2 }[command.kind as string] ?? 1;
guardStreams({ stdout: process.stdout, stderr: process.stderr, exit: (code) => process.exit(code) }, failed);
process.on('uncaughtException', (fault) => {
  process.stderr.write(`${fault.stack ?? fault.message}\n`);
  process.exit(failed);
});
// Set, not called with process.exit(): a pipe may still have output to take.
process.exitCode = await main(command);
