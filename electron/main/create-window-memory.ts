import * as v from 'valibot';
import { createStoredJson } from '../host/create-stored-json.ts';

const pixels = (least: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(16_384));
const shape = v.strictObject({ width: pixels(640), height: pixels(400), maximized: v.boolean() });

export type WindowShape = v.InferOutput<typeof shape>;

/** The window's size from one start to the next. Its place is the window manager's to choose. */
export interface WindowMemory {
  recall(): Promise<WindowShape>;
  keep(shape: WindowShape): void;
  /** Settles when everything kept is on the disk. */
  written(): Promise<void>;
}

export function createWindowMemory(path: string, complain: (message: string) => void): WindowMemory {
  const stored = createStoredJson(path, shape, { width: 1280, height: 840, maximized: false }, complain);
  let writing = Promise.resolve();
  return {
    recall: () => stored.read(),
    keep(given) {
      writing = stored.update(() => given);
    },
    written: () => writing,
  };
}
