import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, transform } from 'esbuild';

/** What a page with an explorer needs besides its HTML: a script (deferred), and a style sheet. */
export async function explorerAssets(): Promise<{ readonly js: string; readonly css: string }> {
  const entry = join(import.meta.dirname, 'explorer.ts');
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'iife', // a page opened from a folder may load no modules
    target: 'es2022',
    write: false,
  });
  const css = readFileSync(join(import.meta.dirname, 'explorer.css'), 'utf8');
  const { code } = await transform(css, { loader: 'css', minify: true, target: 'chrome120' });
  return { js: outputFiles[0]?.text ?? '', css: code };
}
