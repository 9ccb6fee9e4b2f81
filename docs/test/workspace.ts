import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Built, build } from '../site/build.ts';

const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>A box</title>
<style>svg { --ink: black; } @media (prefers-color-scheme: dark) { svg { --ink: white; } } text { fill: var(--ink); }</style>
<text>namespace</text></svg>`;

const SOURCE = `import { mount } from 'shared-native';

// #region the whole container
/** All of it. */
export function plan() {
  return [mount('proc', '/proc', 'proc')];
}
// #endregion
`;

/** The least that a site is made from: one lesson, a page, a glossary. */
const FILES: Record<string, string> = {
  'README.md':
    '# Course\n\n## The steps\n\n| step | gains |\n| --- | --- |\n| [1 first](steps/01-first/README.md) | a start |\n| 2 second | more |\n',
  LICENSE: 'MIT\n',
  'docs/index.md': '# Home\n\nA course.\n\n<!-- the box -->\n\n## Start\n\n[The lesson](../steps/01-first/README.md)\n',
  'docs/glossary.md':
    '# Glossary\n\n## cgroup\n\nAlso: cgroups\n\nAn account.\n\n## namespace\n\nAlso: namespaces\n\nA table.\n',
  'steps/01-first/README.md': '# The first lesson\n\n## The idea\n\nNothing yet.\n',
  'steps/01-first/src/plan.ts': SOURCE,
  'steps/01-first/pictures/box.svg': PICTURE,
};

/** A site made from a workspace of its own. */
export interface Site extends Built {
  /** A page's markup. */
  page(url: string): string;
}

/** Builds a small site, with other files or other texts. Without the API, which takes seconds. */
export async function site(files: Record<string, string> = {}): Promise<Site> {
  const root = mkdtempSync(join(tmpdir(), 'boxstep-site-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, content] of Object.entries({ ...FILES, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const built = await build({ root, api: false });
  return { ...built, page: (url) => readFileSync(join(built.out, url), 'utf8') };
}

/** The page of a lesson that has this text below its first heading, which is line 5 of its README. */
export async function lesson(...lines: string[]): Promise<string> {
  const { page } = await site({
    'steps/01-first/README.md': ['# The first lesson', '', '## The idea', '', ...lines, ''].join('\n'),
  });
  return page('steps/01-first.html');
}
