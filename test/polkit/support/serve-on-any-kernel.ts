import { fileURLToPath } from 'node:url';
import { serve } from '../../../electron/cli/serve.ts';
import { findAppFolders } from '../../../electron/host/find-app-folders.ts';
import { anyKernel } from './any-kernel.ts';

/** `modshark serve` as it is, but that it takes this kernel for one with module events. */
const app = findAppFolders(fileURLToPath(new URL('../..', import.meta.url)));
const asked = { kind: 'serve', files: [], port: 0, shared: false } as const;
const means = { system: anyKernel(), called: 'modshark' };
process.exitCode = await serve(app, asked, means, (line) => void process.stderr.write(`${line}\n`));
