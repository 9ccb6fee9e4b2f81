// node bundle.mjs FILE…: writes the cache of each, which boot.cjs reads.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import places from './boot.cjs';
import { pack } from './keep.cjs';
import { quickly } from './plugin.mjs';
import { storeIn } from './store.cjs';

const { directory, placeOf, root, stampOf } = places;
const { prepare, write } = storeIn(places);

/** Milliseconds within which a file can change twice and have the same time: more than a tick of any kernel's clock. */
const TICK = 20;
/** What makes a bundle what it is, besides its sources. */
const OWN = readdirSync(import.meta.dirname).map((name) => relative(root, join(import.meta.dirname, name)));

/** What an install changes: it may put another package where a link leads. */
const INSTALLED = ['node_modules/.boxstep-installed', 'node_modules/.pnpm/lock.yaml'];

if (!prepare(directory)) throw new Error(`${directory} can't be written to, or not by us alone`);
await Promise.all(process.argv.slice(2).map((entry) => bundle(resolve(entry))));

/** @throws {Error} what esbuild says; if nothing can be written; if the sources change without end */
async function bundle(entry, tries = 3) {
  const begun = Date.now();
  const { map, source, inputs } = await bundled(entry);
  const stamp = stampOf(inputs);
  // Of a file that has changed since, esbuild may have read what was there before, and the stamp wouldn't say so.
  if (inputs.some((input) => statSync(join(root, input)).ctimeMs > begun - TICK)) {
    if (tries === 0) throw new Error(`${entry}: its sources change all the time`);
    return bundle(entry, tries - 1);
  }
  const file = placeOf(entry);
  write(`${file}.map`, map);
  write(file, pack({ entry, inputs, stamp, words: [] }, source));
}

async function bundled(entry) {
  const isOurs = !entry.includes('/node_modules/');
  const also = [];
  const { metafile, outputFiles } = await build({
    entryPoints: [entry],
    outfile: placeOf(entry),
    absWorkingDir: root,
    bundle: true,
    format: 'cjs', // ESM's view of node:fs would read all its getters: 7 ms
    platform: 'node',
    target: `node${process.versions.node}`,
    tsconfigRaw: {},
    sourcemap: 'external',
    sourcesContent: false,
    banner: { js: '(function (module, exports, require, load) {' },
    footer: { js: '})' },
    metafile: true,
    write: false,
    logLevel: 'silent',
    logOverride: { 'empty-import-meta': 'error' },
    plugins: isOurs ? [quickly((file) => also.push(relative(root, file)))] : [],
  });
  const [map, source] = outputFiles;
  const read = [...Object.keys(metafile.inputs).filter(isFile), ...also];
  const inputs = [...new Set([...read, ...read.map(manifestOf), ...INSTALLED.filter(isFile), ...OWN])];
  return { map: map.contents, source: isOurs ? withoutCopies(source.text) : source.text, inputs };
}

/** esbuild copies a module of Node's for `import fs from`: 250 getters in commander alone. One that inherits does, too. */
function withoutCopies(source) {
  const short = 'var __toESM = (module) => Object.create(module, { default: { value: module } });';
  return source.replace(/^var __toESM = [^;]*;/m, (long) => short + '\n'.repeat(long.split('\n').length - 1));
}

/** The package.json of a file's package: it says which file of it is meant. */
function manifestOf(file) {
  const folder = dirname(file);
  const manifest = join(folder, 'package.json');
  return isFile(manifest) ? manifest : manifestOf(folder);
}

function isFile(input) {
  return existsSync(join(root, input));
}
