import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Html } from './html.ts';
import type { Page } from './layout.ts';
import type { Step } from './outline.ts';

/** The plan explorer as the site takes it in. */
export interface Explorer {
  readonly page: Html;
  lesson(step: Step): Html;
  assets(page: Page): Pick<Page, 'styles' | 'scripts'>;
  write(out: string): void;
}

/** What docs/explorer exports. */
interface Parts {
  explorerData(): Promise<object>;
  explorerPage(data: object): string;
  lessonExplorer(data: object, step: string): string;
}

/** The plan explorer, with the plans of this workspace's steps; nothing where a workspace has none. */
export async function loadExplorer(root: string): Promise<Explorer | undefined> {
  const folder = join(root, 'docs/explorer');
  if (!existsSync(join(folder, 'data.ts'))) return undefined;
  const load = async (name: string) => (await import(pathToFileURL(join(folder, name)).href)) as Partial<Parts>;
  const parts = { ...(await load('data.ts')), ...(await load('render.ts')) } as Parts;
  const data = await parts.explorerData();
  return {
    page: new Html(parts.explorerPage(data)),
    lesson: ({ number }) => new Html(parts.lessonExplorer(data, `step-${String(number).padStart(2, '0')}`)),
    assets: ({ kind }) =>
      kind === 'explorer' || kind === 'lesson'
        ? { styles: ['assets/explorer.css'], scripts: ['assets/explorer-data.js', 'assets/explorer.js'] }
        : {},
    write(out) {
      mkdirSync(join(out, 'assets'), { recursive: true });
      for (const name of ['explorer.js', 'explorer.css']) copyFileSync(join(folder, name), join(out, 'assets', name));
      writeFileSync(join(out, 'explorer.json'), JSON.stringify(data));
      writeFileSync(join(out, 'assets/explorer-data.js'), `window.boxstepPlans = ${JSON.stringify(data)};\n`);
    },
  };
}
