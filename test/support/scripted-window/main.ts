import { join } from 'node:path';
import { runProgram } from '../../../electron/main/run-program.ts';
import { scriptedMeans, scriptVariable } from './scripted-means.ts';

/** Electron's main process as it is, but that it records with the scripted helper. */
runProgram(
  join(__dirname, '../..'),
  scriptedMeans(process.env[scriptVariable] ?? '', join(__dirname, 'scripted-helper.mjs')),
);
