import { dirname, relative, resolve } from 'node:path';
import { region, regionLine } from '../../test/readme/regions.ts';
import type { Transcript } from '../../test/readme/transcripts.ts';
import type { Described } from './api-names.ts';
import { wrapping } from './code-lines.ts';
import { highlight, isPlain } from './highlight.ts';
import { Html, html } from './html.ts';
import type { Urls } from './urls.ts';

interface Code {
  readonly language: string;
  readonly code: string;
  /** `src/plan.ts#the whole container`, or nothing for code that stands in the text itself. */
  readonly source: string;
}

/** Code in colours. With a source, it is that region's, under the file's name. @throws {Error} if there is no such region */
export function codeBlock({ language, code, source }: Code, at: { file: string; url: string }, urls: Urls): Html {
  const leads = (described: Described | undefined) => (name: string) => {
    const url = described?.(name);
    return url && urls.relative(at.url, url);
  };
  if (source === '') {
    const isDeclaration = at.url.startsWith('api/');
    const link = isDeclaration ? leads(urls.names?.ofDeclaration(relative(urls.root, at.file))) : undefined;
    return html`<figure class="code">${copyButton}${pre(code, language, link)}</figure>\n`;
  }
  const [path = '', name] = source.split(/#(.*)/s, 2);
  if (!name) throw new Error('it names no region: write "<language> <path>#<region>"');
  const file = resolve(dirname(at.file), path);
  const body = region(file, name).join('\n');
  const link = leads(urls.names?.ofSource(relative(urls.root, file)));
  const href = urls.relative(at.url, `${urls.source(file)}#L${regionLine(file, name)}`);
  const caption = html`<figcaption><a href="${href}">${relative(urls.root, file)}</a> <span>${name}</span></figcaption>`;
  return html`<figure class="code">${caption}${copyButton}${pre(body, language, link)}</figure>\n`;
}

/** A transcript: what was typed, and what came. Only what was typed is copied. */
export function transcriptBlock(commands: Transcript['commands']): Html {
  const runs = commands.map(({ person, text, output }) => {
    const prompt = html`<span class="prompt" data-prompt="${person === 'root' ? '# ' : '$ '}"></span>`;
    const typed = html`${prompt}<kbd>${new Html(highlight(text, 'sh').join('\n'))}</kbd>\n`;
    return output.length === 0 ? typed : html`${typed}<samp>${output.join('\n')}</samp>\n`;
  });
  return html`<figure class="code transcript">${copyButton}<pre class="scrolls"><code>${runs}</code></pre></figure>\n`;
}

/** Shown by the script, since it is nothing without. */
const copyButton = html`<button class="copy" type="button" hidden>Copy</button>`;

function pre(code: string, language: string, link?: Described): Html {
  const marked = highlight(code, language, link);
  const body = isPlain(language) ? marked.join('\n') : wrapping(code.split('\n'), marked);
  return html`<pre class="scrolls"><code>${new Html(body)}</code></pre>`;
}
