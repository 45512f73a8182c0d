import * as v from 'valibot';
import { defaultSettings, type Settings, settingsSchema } from '../../shared/ipc/contract.ts';

const fields = Object.entries(settingsSchema.entries).map(([name, schema]) => {
  return [name, v.fallback(schema as v.GenericSchema, defaultSettings[name as keyof Settings])] as const;
});

/** Settings as they stand in a file that people edit: one bad or missing field does not void the others. */
export const storedSettings = v.object(Object.fromEntries(fields)) as unknown as v.GenericSchema<unknown, Settings>;
