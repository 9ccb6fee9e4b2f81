import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { glossary, type Term } from '../glossary.ts';
import { type ApiPage, apiIndex } from './api.ts';
import { type Html, html } from './html.ts';
import { articleMain, homeMain, lessonMain, type Page } from './layout.ts';
import { type Rendered, render } from './markdown.ts';
import type { Document, Outline, Step } from './outline.ts';
import type { Problems } from './problems.ts';
import { SearchIndex } from './search-index.ts';
import { sourcePage, wantSources } from './source.ts';
import type { Urls } from './urls.ts';

/** What is said of a package before its files. */
const INTRODUCED = {
  'shared-native':
    'System calls as values, and three ways to make them. [How it is used](/shared-native/README.md), with an example of each.',
  boxstep:
    'Containers from a program, as root: each function takes a name or an id, and throws an `Error` that says what to do. [An example](/capstone/README.md#from-a-program).',
};

/** What the search knows of the plan explorer, whose own text is made by its script. */
const EXPLORER =
  'Every system call of a container, one by one: play and step through the plan of each step, see the state of the process after each call, leave a call out, compare two sets of flags, paste a docker run command line.';

const BUNDLE =
  'Paste the config.json of an OCI bundle, of podman, containerd, dockerd or runc spec, and see the system calls that the runtime makes of it, with the field that asks for each.';

/** Makes the pages of a site, one kind after another, and gathers what the search will find. */
export class Make {
  readonly index = new SearchIndex();
  readonly #site: Outline;
  readonly #urls: Urls;
  readonly #problems: Problems;
  readonly #terms: readonly Term[];

  constructor(site: Outline, urls: Urls, problems: Problems) {
    this.#site = site;
    this.#urls = urls;
    this.#problems = problems;
    const document = site.pages.find(({ url }) => url === urls.glossary);
    this.#terms = document ? glossary(readFileSync(document.file, 'utf8')) : [];
  }

  home(): Page {
    const { html, sections } = this.#render(this.#site.home);
    this.index.add('Home', this.#site.home, sections);
    const main = homeMain(html, this.#site, this.#to('index.html'));
    return { url: 'index.html', title: 'Boxstep: a container is a list of syscalls', kind: 'home', main };
  }

  /** @param explorer - the plan explorer of this lesson, which goes where the idea ends */
  lesson(step: Step, lesson: Document, explorer?: Html): Page {
    const after = new Map(explorer && [['the-idea', explorer]]);
    const { html, headings, sections } = this.#render(lesson, { terms: this.#terms, after });
    this.index.add(`Step ${step.number}`, lesson, sections);
    const main = lessonMain(step, html, this.#site, this.#to(lesson.url));
    return { url: lesson.url, title: lesson.title, kind: 'lesson', step, headings, main };
  }

  capstone(document: Document): Page {
    const { html, headings, sections } = this.#render(document, { terms: this.#terms });
    this.index.add('Capstone', document, sections);
    return { url: document.url, title: document.title, kind: 'lesson', headings, main: articleMain(html) };
  }

  /** @param after - what goes to the end of a section, by its heading's name */
  document(document: Document, after?: ReadonlyMap<string, Html>): Page {
    const { html, headings, sections } = this.#render(document, after && { after });
    const isGlossary = document.url === this.#urls.glossary;
    this.index.add(isGlossary ? 'Glossary' : 'Guide', document, sections);
    return {
      url: document.url,
      title: document.title,
      kind: isGlossary ? 'glossary' : 'page',
      headings,
      main: articleMain(html),
    };
  }

  explorer(main: Html): Page {
    const page = { url: 'explorer.html', title: 'Plan explorer' };
    this.index.add('Explorer', page, [{ slug: '', title: page.title, text: EXPLORER }]);
    return { ...page, kind: 'explorer', main };
  }

  bundle(main: Html): Page {
    const page = { url: 'bundle.html', title: 'A config.json as a plan' };
    this.index.add('Explorer', page, [{ slug: '', title: page.title, text: BUNDLE }]);
    return { ...page, kind: 'explorer', main };
  }

  /** The API's pages, and the page that lists them. */
  api(apis: readonly ApiPage[]): Page[] {
    const index = { url: 'api/index.html', title: 'API', path: 'api/index.md', markdown: apiIndex(apis, INTRODUCED) };
    return [index, ...apis].map(({ url, title, path, markdown, ...rest }) => {
      const file = join(this.#site.root, path);
      const { html, headings } = render({ file, url, markdown }, this.#urls, this.#problems);
      if ('sections' in rest) this.index.add('API', { url, title }, rest.sections);
      return { url, title, kind: 'api', headings, main: articleMain(html) };
    });
  }

  search(): Page {
    const main = html`<h1>Search</h1>
<form class="search" role="search" action="search.html">
<input type="search" name="q" aria-label="Search the course" placeholder="pivot_root, OOM, a terminal …" autocomplete="off">
</form>
<p class="without-script">The search needs JavaScript; everything else works without. The lessons are listed beside this text.</p>`;
    return { url: 'search.html', title: 'Search', kind: 'search', main };
  }

  /** Pages for all source files that any page so far leads to, and for what those lead to. */
  sources(): Page[] {
    wantSources(this.#site.root, this.#urls);
    const made = new Map<string, Page>();
    for (const path of this.#urls.sources) if (!made.has(path)) made.set(path, sourcePage(path, this.#urls));
    return [...made.values()];
  }

  #render(
    { file, url }: Document,
    more: { terms?: readonly Term[]; after?: ReadonlyMap<string, Html> } = {},
  ): Rendered {
    return render({ file, url, markdown: readFileSync(file, 'utf8'), ...more }, this.#urls, this.#problems);
  }

  #to(from: string) {
    return (url: string) => this.#urls.relative(from, url);
  }
}
