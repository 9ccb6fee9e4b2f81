import { readFile } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What every command needs; each other package of npm's gets a bundle apart. */
const ALWAYS = 'commander';
/** Modules of Node's that it has loaded by itself, or that are needed in any case. The others take up to 4 ms each. */
const LOADED = ['buffer', 'events', 'fs', 'path', 'process', 'url', 'util'];
/** The kernel's constants, all of them: as a module's namespace, 700 getters that take 1 ms. */
const CONSTANTS = /import \* as (\w+) from '([./a-z]*\/constants\.ts)'/g;
const require = createRequire(import.meta.url);

/**
 * Makes esbuild bundle the course's own sources so that they start quickly.
 *
 * @param {(file: string) => void} alsoReads - is told of files that the bundle depends on, and esbuild doesn't know of
 */
export function quickly(alsoReads) {
  const resolving = Symbol('build.resolve is asked from here');
  return {
    name: 'quickly',
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...from }) => {
        if (pluginData === resolving) return undefined;
        if (isBuiltin(path)) return builtin(path.replace('node:', ''), from.namespace);
        const found = await build.resolve(path, { ...from, pluginData: resolving });
        if (path === ALWAYS || !found.path.includes('/node_modules/')) return found;
        alsoReads(found.path);
        return { ...found, namespace: path === 'koffi' ? 'addon' : 'package' };
      });
      build.onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({ contents: atFirstUse(path) }));
      build.onLoad({ filter: /./, namespace: 'package' }, ({ path }) => ({
        contents: `module.exports = load(${JSON.stringify(path)})`,
      }));
      build.onLoad({ filter: /./, namespace: 'addon' }, ({ path }) => {
        const addon = addonOf(path);
        alsoReads(addon);
        return { contents: `process.dlopen(module, ${JSON.stringify(addon)})` };
      });
      build.onResolve({ filter: /\?whole$/ }, ({ path, resolveDir }) => ({
        path: resolve(resolveDir, path.replace('?whole', '')),
        namespace: 'whole',
      }));
      build.onLoad({ filter: /./, namespace: 'whole' }, async ({ path }) => ({ contents: await asObject(path) }));
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        return { contents: withoutMeta(source.replace(CONSTANTS, "import $1 from '$2?whole'"), path), loader: 'ts' };
      });
    },
  };
}

function builtin(name, namespace) {
  const now = LOADED.includes(name) || namespace === 'builtin';
  return now ? { path: `node:${name}`, external: true } : { path: name, namespace: 'builtin' };
}

/** A module of Node's that is loaded when something of it is used. */
function atFirstUse(name) {
  const getter = (key) => `get ${JSON.stringify(key)}() { return require('node:${name}')[${JSON.stringify(key)}]; }`;
  return `module.exports = { ${Object.keys(require(`node:${name}`))
    .map(getter)
    .join(', ')} };`;
}

let addon;
/** koffi's native part: all that remains of it at run time. Its JavaScript, which looks for that, takes 14 ms. */
function addonOf(koffi) {
  const { dlopen } = process;
  process.dlopen = (module, file, ...rest) => {
    addon = file;
    return dlopen.call(process, module, file, ...rest);
  };
  require(koffi);
  process.dlopen = dlopen;
  return addon;
}

/** A module that exports only numbers, as one that exports them in an object. */
async function asObject(path) {
  const entries = Object.entries(await import(`${pathToFileURL(path)}?${Date.now()}`)); // not one that was imported before
  const properties = entries.map(([name, value]) => `${name}: ${value}${typeof value === 'bigint' ? 'n' : ''}`);
  return `export default { ${properties.join(', ')} };`;
}

/** Where a source is, it knows by `import.meta`: of which a bundle has none, or one for all. */
function withoutMeta(source, path) {
  const meta = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) };
  return source.replace(/import\.meta\.(url|filename|dirname)\b/g, (_, key) => JSON.stringify(meta[key]));
}
