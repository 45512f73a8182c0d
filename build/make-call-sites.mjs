#!/usr/bin/env node
/**
 * Cuts the call-site research (callsites.json, generated.json, tailcall-aliases.json) down to the table that ModShark
 * ships: `node build/make-call-sites.mjs RESEARCH-DIRECTORY` rewrites shared/analysis/call-sites/call-sites.json.
 * The table is committed; this runs only when the research changes. The shape is told in the folder's README.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const research = process.argv[2];
if (research === undefined) {
  console.error('usage: node build/make-call-sites.mjs RESEARCH-DIRECTORY');
  process.exit(2);
}
const read = (name) => JSON.parse(readFileSync(join(research, name), 'utf8'));

const strip = (symbol) => symbol.replace(/(\.(isra|constprop|part|cold|llvm|lto_priv)(\.\d+)?)+$/, '');
const texts = [];
const places = new Map();
function place(list, value) {
  const key = JSON.stringify(value);
  const known = places.get(list) ?? new Map();
  places.set(list, known);
  if (!known.has(key)) known.set(key, list.push(value) - 1);
  return known.get(key);
}

const kinds = [];
const releases = [];
const facts = [];
const gets = {};
const puts = {};

const levels = { low: 0, medium: 1, high: 2 };
for (const entry of read('callsites.json')) {
  const symbol = strip(entry.callSite);
  const releasedBy = [...new Set(entry.releasedBy.map(strip))].sort();
  const fact = place(facts, [
    place(kinds, entry.holderKind),
    entry.lifetime === 'transient' ? 1 : 0,
    levels[entry.confidence],
    place(texts, [entry.meaning, entry.howToRelease === 'Nothing to do.' ? '' : entry.howToRelease]),
    place(releases, releasedBy),
    ...(entry.callerModule === undefined ? [] : [entry.callerModule.join(' ')]),
  ]);
  if (entry.side !== 'put') gets[symbol] ??= fact;
  if (entry.side !== 'get') puts[symbol] ??= fact;
}

// A mechanical guess is worth a kind and nothing more: no text, lowest confidence.
for (const entry of read('generated.json')) {
  const symbol = strip(entry.callSite);
  if (symbol in gets || symbol in puts) continue;
  const fact = place(facts, [
    place(kinds, entry.holderKind),
    entry.lifetime === 'transient' ? 1 : 0,
    0,
    -1,
    place(releases, entry.side === 'put' ? [] : [...new Set(entry.releasedBy.map(strip))].sort()),
  ]);
  if (entry.side !== 'put') gets[symbol] ??= fact;
  if (entry.side !== 'get') puts[symbol] ??= fact;
}

const aliases = {};
for (const [printed, calls] of Object.entries(read('tailcall-aliases.json'))) {
  const functions = [...new Set(calls.map((call) => strip(call.function)))].filter(
    (name) => name in puts || name in gets,
  );
  const symbol = strip(printed);
  if (functions.length > 0) aliases[symbol] = [...new Set([...(aliases[symbol] ?? []), ...functions])].sort();
}

const sorted = (table) => Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));
const rows = (list) => `[\n${list.map((value) => JSON.stringify(value)).join(',\n')}\n]`;
const target = new URL('../shared/analysis/call-sites/call-sites.json', import.meta.url).pathname;
writeFileSync(
  target,
  `{"kinds":${JSON.stringify(kinds)},\n"texts":${rows(texts)},\n"releases":${rows(releases)},\n"facts":${rows(facts)},\n` +
    `"gets":${JSON.stringify(sorted(gets))},\n"puts":${JSON.stringify(sorted(puts))},\n"aliases":${JSON.stringify(sorted(aliases))}}\n`,
);
console.log(
  `${Object.keys(gets).length} gets, ${Object.keys(puts).length} puts, ${Object.keys(aliases).length} aliases, ` +
    `${facts.length} facts, ${texts.length} texts, ${readFileSync(target).length} bytes`,
);
