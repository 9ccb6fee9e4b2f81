import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

/** There is no koffi here: homework is graded by the plan that it makes, and makes no system call. */
const NO_KOFFI = `
const nothing = new Proxy(() => nothing, {
  get: (target, key) => (key === 'func' ? (what) => what.includes('gnu_get_libc') ? () => '' : refuse : nothing),
});
function refuse() { throw new Error('homework is graded by the plan that it makes: no system call is made here'); }
export default nothing;
`;

type Sources = Readonly<Record<string, string>>;

/**
 * Gives modules from memory: the step's sources are in no file that this process can see. Only the student's own still
 * has types, since Node takes a while to erase them.
 *
 * @param sources - by absolute path
 * @param written - those of the student's, by absolute path
 * @param own - the path of the one that is to be imported
 * @param earlier - the file that isolation/erased.ts has made of the earlier steps
 * @returns its address, to be imported
 */
export function serve(sources: Sources, written: Sources, own: string, earlier: string): string {
  const theirs = byAddress(written);
  const modules = new Map([
    ...Object.entries<string>(JSON.parse(readFileSync(earlier, 'utf8'))),
    ...byAddress(sources),
    ...theirs,
  ]);
  const format = (url: string) => (theirs.has(url) ? 'module-typescript' : 'module');
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'grader/todo') return next('../todo.ts', { ...context, parentURL: import.meta.url });
      if (specifier === 'koffi') return { url: 'boxstep:koffi', format: 'module', shortCircuit: true };
      const url = URL.parse(specifier, context.parentURL)?.href;
      if (url === undefined || !modules.has(url)) return next(specifier, context);
      return { url, format: format(url), shortCircuit: true };
    },
    load(url, context, next) {
      if (url === 'boxstep:koffi') return { format: 'module', source: NO_KOFFI, shortCircuit: true };
      const source = modules.get(url);
      if (source === undefined) return next(url, context);
      return { format: format(url), source, shortCircuit: true };
    },
  });
  return pathToFileURL(own).href;
}

function byAddress(sources: Sources): Map<string, string> {
  return new Map(Object.entries(sources).map(([path, source]) => [pathToFileURL(path).href, source]));
}
