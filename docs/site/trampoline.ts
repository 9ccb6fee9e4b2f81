import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Html } from './html.ts';
import type { Page } from './layout.ts';
import { loadParts } from './parts.ts';

/** The trampoline's stepper as the site takes it in: it stands at the end of a section of one page. */
export interface Stepper {
  readonly url: string;
  /** By the heading's name. */
  readonly after: ReadonlyMap<string, Html>;
  /** What that page loads. */
  assets(page: Page): Pick<Page, 'styles' | 'scripts'>;
  write(out: string): void;
}

/** What docs/trampoline exports. */
interface Parts {
  trampolineStepper(): string;
  trampolineAssets(): Promise<{ js: string; css: string }>;
}

const URL = 'why-not-fork.html';

/** The stepper of this workspace's trampoline; nothing where a workspace has none. */
export async function loadStepper(root: string): Promise<Stepper | undefined> {
  const parts = await loadParts<Parts>(root, 'trampoline', ['page.ts', 'assets.ts']);
  if (!parts) return undefined;
  const { js, css } = await parts.trampolineAssets();
  return {
    url: URL,
    after: new Map([['the-trampoline', new Html(parts.trampolineStepper())]]),
    assets: ({ url }) => (url === URL ? { styles: ['assets/trampoline.css'], scripts: ['assets/trampoline.js'] } : {}),
    write(out) {
      writeFileSync(join(out, 'assets/trampoline.js'), js);
      writeFileSync(join(out, 'assets/trampoline.css'), css);
    },
  };
}
