import { Html } from './html.ts';
import type { Page } from './layout.ts';
import type { Output } from './output.ts';
import { loadParts } from './parts.ts';
import type { Urls } from './urls.ts';

/** The plan explorer as the site takes it in. */
export interface Explorer {
  readonly page: Html;
  /** The page for a config.json. */
  readonly bundle: Html;
  /** @param url - the lesson's page */
  lesson(step: number, url: string, urls: Urls): Html;
  /** What a page with an explorer loads. */
  assets(page: Page): Pick<Page, 'styles' | 'scripts'>;
  write(output: Output): void;
}

/** What docs/explorer exports. */
interface Parts {
  evaluate(): Promise<{ script: string; engine: object }>;
  explorerPage(engine: object): string;
  bundlePage(engine: object): string;
  lessonExplorer(engine: object, step: number, links: { explorer: string }): string;
  explorerAssets(): Promise<{ js: string; css: string }>;
}

const URL = 'explorer.html';

/** The plan explorer, with the plans of this workspace's steps; nothing where a workspace has none. */
export async function loadExplorer(root: string): Promise<Explorer | undefined> {
  const parts = await loadParts<Parts>(root, 'explorer', ['engine/evaluate.ts', 'render.ts', 'assets.ts']);
  if (!parts) return undefined;
  const [{ engine, script }, { js, css }] = await Promise.all([parts.evaluate(), parts.explorerAssets()]);
  return {
    page: new Html(parts.explorerPage(engine)),
    bundle: new Html(parts.bundlePage(engine)),
    lesson: (step, url, urls) => new Html(parts.lessonExplorer(engine, step, { explorer: urls.relative(url, URL) })),
    assets: ({ kind }) =>
      kind === 'explorer' || kind === 'lesson'
        ? { styles: ['assets/explorer.css'], scripts: ['assets/explorer.js'] }
        : {},
    write(output) {
      output.write('assets/explorer.js', js);
      output.write('assets/explorer.css', css);
      output.write('assets/engine.js', script);
    },
  };
}
