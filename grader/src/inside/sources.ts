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

/**
 * Gives modules from memory: the step's sources are in no file that this process can see.
 *
 * @param sources - by absolute path
 * @param own - the path of the module that is the student's
 * @returns its address, to be imported
 */
export function serve(sources: Readonly<Record<string, string>>, own: string): string {
  const modules = new Map(Object.entries(sources).map(([path, source]) => [pathToFileURL(path).href, source]));
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'grader/todo') return next('../todo.ts', { ...context, parentURL: import.meta.url });
      if (specifier === 'koffi') return { url: 'boxstep:koffi', format: 'module', shortCircuit: true };
      const url = URL.parse(specifier, context.parentURL)?.href;
      if (url === undefined || !modules.has(url)) return next(specifier, context);
      return { url, format: 'module-typescript', shortCircuit: true };
    },
    load(url, context, next) {
      if (url === 'boxstep:koffi') return { format: 'module', source: NO_KOFFI, shortCircuit: true };
      const source = modules.get(url);
      if (source === undefined) return next(url, context);
      return { format: 'module-typescript', source, shortCircuit: true };
    },
  });
  return pathToFileURL(own).href;
}
