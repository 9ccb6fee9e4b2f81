import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkLinks } from '../../test/readme/links.ts';
import { ROOT } from '../../test/readme/markdown.ts';
import { packagesOf } from './api.ts';
import { ApiNames } from './api-names.ts';
import { bundle } from './bundle.ts';
import { checkSite } from './check.ts';
import { loadExplorer } from './explorer.ts';
import { loadLanguages, OURS } from './highlight.ts';
import { keptApi } from './kept-api.ts';
import { layout } from './layout.ts';
import { Make } from './make.ts';
import { languagesOf } from './markdown.ts';
import { outline } from './outline.ts';
import { Output } from './output.ts';
import { Problems } from './problems.ts';
import { loadStepper } from './trampoline.ts';
import { Urls } from './urls.ts';

/** What to build from what. */
export interface Building {
  /** The repository. */
  readonly root?: string;
  /** Where the site goes; what was there is removed. */
  readonly out?: string;
  /** The same, of somebody who builds it again and again. */
  readonly output?: Output;
  /** Whether typedoc is asked for the API, which takes longest. */
  readonly api?: boolean;
}

/** A site that was built. */
export interface Built {
  readonly out: string;
  /** From the site's root. */
  readonly pages: readonly string[];
  /** The heaviest page with all that it loads, in bytes. */
  readonly heaviest: { readonly url: string; readonly bytes: number };
}

const HERE = import.meta.dirname;

/** In this order: what comes later is said more closely. */
const STYLES = [
  'tokens',
  'base',
  'masthead',
  'frame',
  'text',
  'code',
  'blocks',
  'lesson',
  'search',
  'home',
  'narrow',
  'print',
];

/**
 * Builds the site.
 *
 * @throws {Error} with all that is wrong: a source's file and line, or the page that it would have become
 */
export async function build({
  root = ROOT,
  out = join(root, 'docs/dist'),
  output = new Output(out),
  api = true,
}: Building = {}): Promise<Built> {
  const problems = new Problems();
  const site = outline(root, problems);
  const documents = [...site.steps.flatMap(({ lesson }) => lesson ?? []), ...site.capstone, ...site.pages, site.home];
  for (const { file } of documents) problems.found.push(...checkLinks(file, root));
  const apis = api ? await keptApi(root, packagesOf(site)) : [];
  const urls = new Urls(root, documents);
  if (api) urls.names = new ApiNames(root, apis);
  const made = new Make(site, urls, problems);
  await loadLanguages([...OURS, ...documents.flatMap(({ file }) => languagesOf(readFileSync(file, 'utf8')))]);
  const [explorer, stepper] = await Promise.all([loadExplorer(root), loadStepper(root)]);

  const pages = [
    made.home(),
    ...site.steps.flatMap((step) =>
      step.lesson ? made.lesson(step, step.lesson, explorer?.lesson(step.number, step.lesson.url, urls)) : [],
    ),
    ...site.capstone.map((document) => made.capstone(document)),
    ...site.pages.map((document) => made.document(document, document.url === stepper?.url ? stepper.after : undefined)),
    ...(explorer ? [made.explorer(explorer.page), made.bundle(explorer.bundle)] : []),
    ...(api ? made.api(apis) : []),
    made.search(),
    ...made.sources(),
  ];
  problems.stop();

  const extras = pages.filter(({ url }) => EXTRAS.includes(url));
  output.begin();
  for (const page of pages)
    output.write(
      page.url,
      layout({ ...page, ...explorer?.assets(page), ...stepper?.assets(page) }, site, extras, urls),
    );
  for (const [file, url] of urls.assets) output.copy(file, url);
  for (const name of readdirSync(join(HERE, 'assets'))) output.copy(join(HERE, 'assets', name), `assets/${name}`);
  output.write('assets/search-index.js', made.index.script());
  output.write('assets/site.js', await bundle());
  output.write(
    'assets/site.css',
    STYLES.map((name) => readFileSync(join(HERE, `styles/${name}.css`), 'utf8')).join('\n'),
  );
  explorer?.write(output);
  stepper?.write(output);
  output.end();

  const names = pages.map(({ url }) => url);
  const { wrong, heaviest } = checkSite(output.folder, names, (url) => output.markup(url));
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return { out: output.folder, pages: names, heaviest };
}

/** The pages that no Markdown file is, in the order of the navigation. */
const EXTRAS = ['explorer.html', 'bundle.html', 'api/index.html'];
