import { runProgram } from './run-program.ts';

/** Entry point of Electron's main process. */
runProgram();
