import { Html } from './html.ts';
import type { Page } from './layout.ts';
import type { Output } from './output.ts';
import { loadParts } from './parts.ts';

/** The trampoline's stepper as the site takes it in: it stands at the end of a section of one page. */
export interface Stepper {
  readonly url: string;
  /** By the heading's name. */
  readonly after: ReadonlyMap<string, Html>;
  /** What that page loads. */
  assets(page: Page): Pick<Page, 'styles' | 'scripts'>;
  write(output: Output): void;
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
    write(output) {
      output.write('assets/trampoline.js', js);
      output.write('assets/trampoline.css', css);
    },
  };
}
