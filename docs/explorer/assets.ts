import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, transform } from 'esbuild';

/** What a page needs besides its HTML: a script (deferred), and a style sheet. */
export interface Assets {
  readonly js: string;
  readonly css: string;
}

/** What a page with an explorer needs. */
export function explorerAssets(): Promise<Assets> {
  return scriptAndStyle(join(import.meta.dirname, 'explorer.ts'), join(import.meta.dirname, 'explorer.css'));
}

/** A script with all that it imports, and a style sheet, as a browser takes them. */
export async function scriptAndStyle(script: string, style: string): Promise<Assets> {
  const { outputFiles } = await build({
    entryPoints: [script],
    bundle: true,
    minify: true,
    format: 'iife', // a page opened from a folder may load no modules
    target: 'es2022',
    write: false,
  });
  const { code } = await transform(readFileSync(style, 'utf8'), { loader: 'css', minify: true, target: 'chrome120' });
  return { js: outputFiles[0]?.text ?? '', css: code };
}
