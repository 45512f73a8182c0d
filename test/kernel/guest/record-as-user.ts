import { runRecord } from '../../../electron/cli/record.ts';
import { lookAtThisSystem } from '../../../electron/host/capture/host-system.ts';
import { findUserFolders } from '../../../electron/host/find-user-folders.ts';

/** `modshark record`, as the command is. */
process.exitCode = await runRecord(process.argv.slice(2), process, {
  root: '/nowhere',
  state: findUserFolders(process.env).state,
  called: 'modshark',
  system: lookAtThisSystem(),
});
