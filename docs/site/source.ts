import { globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { highlight, languageOf } from './highlight.ts';
import { Html, html } from './html.ts';
import type { Page } from './layout.ts';
import type { Urls } from './urls.ts';

/** Where the sources are that a reader may want to see whole; what a page leads to is added. */
const SOURCES = ['shared-native/src/**/*.ts', 'steps/*/src/**/*.ts', 'capstone/src/**/*.ts', 'LICENSE'];

/** Notes that each source file of the course gets a page. */
export function wantSources(root: string, urls: Urls): void {
  for (const path of globSync(SOURCES, { cwd: root })) urls.source(join(root, path));
}

/** A page for a source file, with an anchor for each line, or for a folder. */
export function sourcePage(path: string, urls: Urls): Page {
  const file = join(urls.root, path);
  const url = urls.source(file);
  const isFolder = statSync(file).isDirectory();
  const title = path === '' ? 'The source' : path;
  const body = isFolder ? listing(file, url, urls) : lines(file);
  const up = path !== '' && dirname(path) !== '.' && urls.relative(url, urls.source(dirname(file)));
  const place = up && html`<p class="place"><a href="${up}">${dirname(path)}</a></p>`;
  return { url, title, kind: 'source', main: html`${place}<h1>${isFolder ? title : basename(path)}</h1>\n${body}` };
}

/** By file, for a site that is built again. */
const shown = new Map<string, { readonly code: string; readonly lines: Html }>();

function lines(file: string): Html {
  const code = readFileSync(file, 'utf8').replace(/\n$/, '');
  const known = shown.get(file);
  if (known?.code === code) return known.lines;
  const made = { code, lines: numbered(code, file) };
  shown.set(file, made);
  return made.lines;
}

function numbered(code: string, file: string): Html {
  const rows = highlight(code, languageOf(file)).map((line, index) => `<span id="L${index + 1}">${line}\n</span>`);
  return html`<figure class="code whole"><pre class="scrolls"><code>${new Html(rows.join(''))}</code></pre></figure>`;
}

function listing(folder: string, url: string, urls: Urls): Html {
  const here = readdirSync(folder, { withFileTypes: true }).filter(
    ({ name }) => !/^(?:\.|(?:node_modules|dist|impostors|alternatives|cases)$)|\.png$/.test(name),
  );
  const entries = here
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map((entry) => {
      const href = urls.relative(url, urls.page(join(folder, entry.name)));
      return html`<li><a href="${href}">${entry.name}${entry.isDirectory() ? '/' : ''}</a></li>\n`;
    });
  return html`<ul class="listing">${entries}</ul>`;
}
