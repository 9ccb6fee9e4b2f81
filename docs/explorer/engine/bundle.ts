import { readdirSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import { constants } from 'node:os';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

const HERE = import.meta.dirname;

/** Modules of Node's that a library does as well in a browser. */
const LIBRARIES: Readonly<Record<string, string>> = { path: 'pathe', 'path/posix': 'pathe', events: 'events/' };

/** Modules of which `node/` has as much as plans ask for. */
const OWN = ['buffer', 'fs', 'koffi', 'os', 'url', 'util'];

/** Libraries that only what runs needs, and no plan. */
const ABSENT = ['execa', 'koffi', 'tar'];

/**
 * All ten steps and the model of the kernel as one script for a browser, in which the steps' own code makes plans. Commands,
 * and what else a step loads only when it runs, are left out.
 */
export async function engineScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(HERE, 'engine.ts')],
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    inject: [join(HERE, 'node/process.ts')],
    define: {
      OS_CONSTANTS: JSON.stringify(constants),
      STEP_FOLDERS: JSON.stringify(stepFolders()),
      'import.meta.url': '"file:///boxstep/steps/01/src/index.ts"',
      'import.meta.dirname': '"/boxstep/steps/01/src"',
    },
    plugins: [withoutNode],
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

/** The folders of the steps, in their order. A lesson's page has its folder's name. */
function stepFolders(): string[] {
  return readdirSync(join(HERE, '../../../steps'))
    .filter((name) => /^\d\d-/.test(name))
    .sort();
}

const BUILTIN = new Set(builtinModules);

const withoutNode: Plugin = {
  name: 'without Node',
  setup(build) {
    build.onResolve({ filter: /./ }, ({ path, kind, resolveDir, namespace }) => {
      if (namespace === 'absent') return undefined;
      if (kind === 'dynamic-import') return { path: 'nothing', namespace: 'absent', pluginData: [] };
      const name = path.replace(/^node:/, '');
      const library = path === LIBRARIES[name] ? undefined : LIBRARIES[name];
      if (library) return build.resolve(library, { resolveDir: HERE, kind });
      if (!BUILTIN.has(name) && !ABSENT.includes(name)) return undefined;
      const real = createRequire(join(resolveDir, 'x.js'))(name) as object;
      return { path: name, namespace: 'absent', pluginData: Object.keys(real) };
    });
    build.onLoad({ filter: /./, namespace: 'absent' }, ({ path, pluginData }) => ({
      contents: standIn(path, pluginData as string[]),
      resolveDir: HERE,
    }));
    // Calls that a step makes while it reads its command line are made in the model.
    build.onLoad({ filter: /shared-native\/src\/perform\.ts$/ }, () => ({
      contents: "export { perform } from './node/perform.ts';",
      resolveDir: HERE,
    }));
    // The languages that zod speaks are half of the script.
    build.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: 'export {};' }));
  },
};

/** A module with the exports of a real one: those that there are for the browser, and others that say so when they are called. */
function standIn(module: string, exported: readonly string[]): string {
  const names = exported.filter((name) => /^\w+$/.test(name) && name !== 'default');
  return [
    OWN.includes(module) ? `import * as own from './node/${module}.ts';` : 'const own = {};',
    'const absent = (name) => function () { throw new Error(name + " isn’t there in a browser"); };',
    ...names.map((name) => `const _${name} = own.${name} ?? absent(${JSON.stringify(`${module}.${name}`)});`),
    `export { ${names.map((name) => `_${name} as ${name}`).join(', ')} };`,
    `export default own.default ?? { ${names.map((name) => `${name}: _${name}`).join(', ')} };`,
  ].join('\n');
}
