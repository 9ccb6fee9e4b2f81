import { explorerAssets } from '../explorer/assets.ts';
import { evaluate } from '../explorer/engine/evaluate.ts';
import { bundlePage, explorerPage, lessonExplorer } from '../explorer/render.ts';
import { trampolineAssets } from '../trampoline/assets.ts';
import { trampolineStepper } from '../trampoline/page.ts';

/** A whole page with the explorer and nothing else, in one file: the explorer's page, or a lesson's part of it. */
export async function harness(lesson?: number): Promise<string> {
  const { engine, script } = await evaluate();
  const { js, css } = await explorerAssets();
  const main = lesson === undefined ? explorerPage(engine) : `<h1>A lesson</h1>${lessonExplorer(engine, lesson)}`;
  return wholePage('Plan explorer', main, css, [script, js]);
}

/** The same with the page for a config.json. */
export async function bundleHarness(): Promise<string> {
  const { engine, script } = await evaluate();
  const { js, css } = await explorerAssets();
  return wholePage('A config.json as a plan', bundlePage(engine), css, [script, js]);
}

/** The same with the trampoline's stepper. */
export async function stepperHarness(): Promise<string> {
  const { js, css } = await trampolineAssets();
  return wholePage('Trampoline', `<h1>A page</h1><h2>The trampoline</h2>${trampolineStepper()}`, css, [js]);
}

function wholePage(title: string, main: string, css: string, scripts: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<style>
body { margin: 0; font: 16px/1.6 system-ui, "DejaVu Sans", sans-serif; background: #fff; color: #1f2328; color-scheme: light dark; }
main { max-width: 72rem; margin: auto; padding: 1rem; }
a { color: #0550ae; }
@media (prefers-color-scheme: dark) { body { background: #0d1117; color: #e6edf3; } a { color: #79c0ff; } }
${css}</style></head>
<body><main>${main}</main>${scripts.map((script) => `<script>${script.replaceAll('</script', '<\\/script')}</script>`).join('')}</body>
</html>`;
}
