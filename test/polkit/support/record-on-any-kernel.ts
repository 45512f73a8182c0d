import { runRecord } from '../../../electron/cli/record.ts';
import { findUserFolders } from '../../../electron/host/find-user-folders.ts';
import { anyKernel } from './any-kernel.ts';

/** `modshark record` as it is, but that it takes this kernel for one with module events: what it starts records in a tree of files. */
process.exitCode = await runRecord(process.argv.slice(3), process, {
  root: '/nowhere',
  state: findUserFolders(process.env).state,
  called: 'modshark',
  system: anyKernel(),
});
