import { fileURLToPath } from 'node:url';
import { parseArguments } from '../../../electron/cli/parse-arguments.ts';
import { serve } from '../../../electron/cli/serve.ts';
import { findAppFolders } from '../../../electron/host/find-app-folders.ts';
import { scriptedMeans, scriptVariable } from './scripted-means.ts';

/** `modshark serve` as it is, but that it records with the scripted helper. Built two folders below the root. */
const command = parseArguments(process.argv.slice(2));
if (command.kind !== 'serve') throw new Error('only serve is scripted');
const app = findAppFolders(fileURLToPath(new URL('../..', import.meta.url)));
const helper = fileURLToPath(new URL('scripted-helper.mjs', import.meta.url));
const means = scriptedMeans(process.env[scriptVariable] ?? '', helper);
process.exitCode = await serve(app, command, means, (line) => void process.stderr.write(`${line}\n`));
