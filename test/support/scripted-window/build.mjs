import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildNodeBundle } from '../../../build/build.mjs';

/** Builds the two entries of the window that records with a scripted helper into `out/test-window`. */
const root = fileURLToPath(new URL('../../..', import.meta.url));
const out = join(root, 'out/test-window');
const entries = 'test/support/scripted-window';
process.env.NODE_ENV = 'production';
await buildNodeBundle(`${entries}/serve.ts`, 'cli.mjs', 'es', 'node20', '#!/usr/bin/env node', out);
await buildNodeBundle(`${entries}/main.ts`, 'main.cjs', 'cjs', 'node24', '', out);
copyFileSync(join(root, 'out/electron/preload.cjs'), join(out, 'preload.cjs'));
copyFileSync(join(root, 'test/support/scripted-helper.mjs'), join(out, 'scripted-helper.mjs'));
