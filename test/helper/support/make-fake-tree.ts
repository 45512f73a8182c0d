import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Files that look like tracefs to the helper. */
export interface FakeTree {
  readonly path: string;
  /** Writes a file of the template that every new instance is a copy of. */
  setTemplate(file: string, text: string): void;
  template(file: string): string;
  /** Every file of the instances that were removed, by `instance/path`. */
  audit(): ReadonlyMap<string, string>;
  instances(): string[];
  /** Every file outside of instances and audit, to be compared. */
  rest(): ReadonlyMap<string, string>;
  remove(): void;
}

const stats = ['entries: 0', 'overrun: 0', 'commit overrun: 0', 'bytes: 0', 'dropped events: 0', 'read events: 0'];
const events = ['module_load', 'module_free', 'module_get', 'module_put', 'module_request'];

const files: Record<string, string> = {
  tracing_on: '1\n',
  trace: '',
  trace_clock: 'local [mono] boot\n',
  buffer_size_kb: '1408\n',
  current_tracer: 'nop\n',
  set_event: '',
  'options/overwrite': '1\n',
  'options/latency-format': '1\n',
  'options/record-tgid': '0\n',
  'per_cpu/cpu0/stats': `${stats.join('\n')}\n`,
  'per_cpu/cpu1/stats': `${stats.join('\n')}\n`,
};
for (const event of events) {
  for (const file of ['enable', 'filter', 'trigger']) files[`events/module/${event}/${file}`] = '';
}

/** Makes a tree in the temporary folder. */
export function makeFakeTree(): FakeTree {
  const path = mkdtempSync(join(tmpdir(), 'modshark-fake-tracefs-'));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text);
  };
  for (const [file, text] of Object.entries(files)) {
    write(`template/${file}`, text);
    write(file, text);
  }
  execFileSync('mkfifo', [join(path, 'template/trace_pipe')]);
  for (const folder of ['instances', 'audit']) mkdirSync(join(path, folder));
  chmodSync(path, 0o700);

  return {
    path,
    setTemplate: (file, text) => write(`template/${file}`, text),
    template: (file) => join(path, 'template', file),
    audit: () => readTree(join(path, 'audit')),
    instances: () => readdirSync(join(path, 'instances')),
    rest: () => new Map([...readTree(path)].filter(([file]) => !/^(instances|audit)\//.test(file))),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

function readTree(folder: string, prefix = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const facts = statSync(file);
    if (facts.isDirectory()) for (const [key, text] of readTree(file, `${prefix}${name}/`)) found.set(key, text);
    else if (facts.isFile()) found.set(`${prefix}${name}`, readFileSync(file, 'latin1'));
  }
  return found;
}
