import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** The site's script with the library of the search, as one file that a browser runs as it is. */
export async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      lib: {
        entry: fileURLToPath(new URL('browser/main.ts', import.meta.url)),
        formats: ['iife'],
        name: 'boxstep',
        fileName: 'site',
      },
    },
  });
  const [built] = [result].flat();
  if (!built || !('output' in built)) throw new Error('vite made no script');
  return built.output[0].code;
}
