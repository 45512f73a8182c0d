import { closeSync, existsSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { createTraceReader } from '../../shared/trace-text/trace-reader.ts';
import { generateRecording } from './generate-recording.ts';
import { isInstalled } from './is-installed.ts';
import { writeTraceDat } from './write-trace-dat.ts';

export interface PreparedRecording {
  readonly text: string;
  /** The same events as trace-cmd keeps them; undefined where it is not installed. */
  readonly dat: string | undefined;
}

/** Makes the recording of a number of events, or finds the one made before. */
export function prepareRecording(folder: string, events: number): PreparedRecording {
  const text = `${folder}/events-${events}.txt`;
  if (!existsSync(text)) {
    const file = openSync(`${text}.part`, 'w');
    generateRecording({ events, losses: true }, (chunk) => void writeSync(file, chunk));
    closeSync(file);
    renameSync(`${text}.part`, text);
  }
  if (!isInstalled('trace-cmd')) return { text, dat: undefined };
  const dat = `${folder}/events-${events}.dat`;
  if (!existsSync(dat)) {
    writeTraceDat(readTable(text), `${dat}.part`);
    renameSync(`${dat}.part`, dat);
  }
  return { text, dat };
}

function readTable(path: string) {
  const reader = createTraceReader();
  reader.push(readFileSync(path));
  const outcome = reader.finish();
  if (!outcome.ok) throw new Error(outcome.problem.what);
  return outcome.recording.table;
}
