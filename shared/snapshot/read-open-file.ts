import { decodeText } from '../trace-text/decode-bytes.ts';
import { groupFields, readDescriptors, readNumber, splitFields } from './split-fields.ts';
import type { DeviceMapping, OpenFile } from './system-snapshot.ts';

const types = new Map<string, OpenFile['type']>([
  ['c', 'char'],
  ['b', 'block'],
  ['a', 'anonymous'],
  ['r', 'regular'],
  ['d', 'directory'],
]);

/** The fields of `:file`: what it is, its descriptors, its link, and lines of fdinfo. */
export function readOpenFile(text: string): OpenFile | undefined {
  const [head = '', descriptors = '', link = '', info = ''] = splitFields(text);
  const [type = '', device = '', filesystem = '', inode, flags = '', compared] = head.split(' ');
  const known = types.get(type);
  if (known === undefined || !isDevice(filesystem)) return undefined;
  return {
    link: decodeText(link),
    type: known,
    device: deviceKey(type, device),
    filesystem,
    inode: readNumber(inode) ?? 0,
    flags: /^[0-7]{1,12}$/.test(flags) ? Number.parseInt(flags, 8) : 0,
    info: readInfo(info),
    descriptors: readDescriptors(descriptors),
    compared: compared === '1',
  };
}

/** The fields of `:mappings`, two for each: what it is, and its name. */
export function readMappings(text: string): DeviceMapping[] {
  const mappings: DeviceMapping[] = [];
  for (const [head, link] of groupFields(splitFields(text), 2)) {
    const [pid, type = '', device = '', filesystem = '', inode] = head!.split(' ');
    if (readNumber(pid) === undefined || !isDevice(filesystem)) continue;
    mappings.push({
      pid: Number(pid),
      link: decodeText(link!),
      device: deviceKey(type, device),
      filesystem,
      inode: readNumber(inode) ?? 0,
    });
  }
  return mappings;
}

function deviceKey(type: string, device: string): string | undefined {
  return (type === 'c' || type === 'b') && isDevice(device) ? `${type}${device}` : undefined;
}

function isDevice(text: string): boolean {
  return /^\d{1,10}:\d{1,10}$/.test(text);
}

/** `drm-driver:	i915`; of two lines with one key the first stands. */
function readInfo(text: string): ReadonlyMap<string, string> {
  const info = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = line.indexOf(':');
    const key = decodeText(line.slice(0, at).trim());
    if (at > 0 && !info.has(key)) info.set(key, decodeText(line.slice(at + 1).trim()));
  }
  return info;
}
