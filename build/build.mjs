import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { compileHelper, findCompiler, helperPath } from './build-helper.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'out');
const stampFile = join(out, 'built-from');

/** What the four bundles and the helper are made of. */
const sources = [
  'shared',
  'renderer',
  'electron',
  'build/build.mjs',
  'build/build-helper.mjs',
  'assets',
  'package-lock.json',
];

/** Builds the page, Electron's two bundles, the command and the helper into `out/`, unless nothing changed since the last time. */
export async function buildAll() {
  // A test runner sets it to `test`, and JSX would be compiled for development.
  process.env.NODE_ENV = 'production';
  const stamp = stampSources();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return false;
  await buildPage();
  await buildNodeBundle('electron/main/main.ts', 'main.cjs', 'cjs', 'node24');
  await buildPreload();
  await buildCommand();
  if (findCompiler() === undefined) {
    console.log('No C compiler (cc, gcc or clang): the capture helper is not built, and live recording will not work.');
  } else {
    compileHelper({ output: helperPath });
  }
  mkdirSync(out, { recursive: true });
  writeFileSync(stampFile, stamp);
  return true;
}

/** The command `modshark`, one file that needs nothing but Node and package.json two folders above. */
export async function buildCommand(outDir = join(out, 'electron'), entry = 'electron/cli/main.ts') {
  await buildNodeBundle(entry, 'cli.mjs', 'es', 'node20', '#!/usr/bin/env node', outDir);
  chmodSync(join(outDir, 'cli.mjs'), 0o755);
}

/** The page and its worker, for the sandbox of Chromium and for any current browser. */
function buildPage() {
  return build({
    ...common,
    root: join(root, 'renderer'),
    base: '/',
    plugins: [react()],
    worker: { format: 'es' },
    build: {
      outDir: join(out, 'renderer'),
      emptyOutDir: true,
      target: 'es2023',
      // The page's policy lets it load files of its own, not data: URLs.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 2000,
    },
  });
}

/** One file for Node or Electron's main process. */
export function buildNodeBundle(entry, fileName, format, target, banner = '', outDir = join(out, 'electron')) {
  return build({
    ...common,
    root,
    ssr: { noExternal: true },
    build: {
      outDir,
      emptyOutDir: false,
      target,
      minify: false,
      ssr: join(root, entry),
      rolldownOptions: {
        external: ['electron', /^node:/, ...optionalNatives],
        output: { format, banner, entryFileNames: fileName, codeSplitting: false },
      },
    },
  });
}

/** A sandboxed preload script must be one CommonJS file that requires nothing but `electron`. */
function buildPreload() {
  return build({
    ...common,
    root,
    build: {
      outDir: join(out, 'electron'),
      emptyOutDir: false,
      target: 'chrome140',
      minify: false,
      lib: { entry: join(root, 'electron/preload/preload.ts'), formats: ['cjs'], fileName: () => 'preload.cjs' },
      rolldownOptions: { external: ['electron'] },
    },
  });
}

/** ws is faster with these where someone installed them, and whole without. */
const optionalNatives = ['bufferutil', 'utf-8-validate'];

const common = {
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  define: { 'process.env.NODE_ENV': '"production"' },
};

/** A digest of every source file's path, size and time. */
function stampSources() {
  const digest = createHash('sha256');
  for (const source of sources) addToStamp(digest, join(root, source));
  return digest.digest('hex');
}

function addToStamp(digest, path) {
  const stat = statSync(path);
  if (stat.isDirectory()) {
    for (const name of readdirSync(path).sort()) addToStamp(digest, join(path, name));
  } else {
    digest.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const started = performance.now();
  const built = await buildAll();
  console.log(built ? `built in ${((performance.now() - started) / 1000).toFixed(1)} s` : 'nothing changed');
}
