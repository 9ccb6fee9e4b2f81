import markdownIt, { type Token } from 'markdown-it';
import anchor from 'markdown-it-anchor';
import footnote from 'markdown-it-footnote';
import alerts from 'markdown-it-github-alerts';
import { slug } from '../../test/readme/links.ts';
import { transcripts } from '../../test/readme/transcripts.ts';
import type { Term } from '../glossary.ts';
import { codeBlock, transcriptBlock } from './code.ts';
import { linkFirstUses } from './glossary.ts';
import { isLanguage } from './highlight.ts';
import type { Html } from './html.ts';
import { picture } from './pictures.ts';
import type { Problems } from './problems.ts';
import { type Heading, type Section, searchSections } from './search-sections.ts';
import { nameCells } from './tables.ts';
import { termNotes } from './term-notes.ts';
import type { Urls } from './urls.ts';

/** What a Markdown text becomes. */
export interface Rendered {
  readonly html: string;
  readonly headings: readonly Heading[];
  /** Its text by headings, for the search. */
  readonly sections: readonly Section[];
}

/** A Markdown text, and where it belongs. */
export interface Text {
  /** The file it stands in, absolute: its links and regions are meant from there. */
  readonly file: string;
  readonly url: string;
  readonly markdown: string;
  /** Terms whose first use becomes a link. */
  readonly terms?: readonly Term[];
  /** What is put in at the end of the section with this heading's name. */
  readonly after?: ReadonlyMap<string, Html>;
}

/** Renders Markdown as GitHub does, and what the course adds to it: regions, transcripts, pictures, terms. */
export function render(text: Text, urls: Urls, problems: Problems): Rendered {
  const headings: Heading[] = [];
  const md = markdownIt({ html: true, linkify: false })
    .use(footnote)
    .use(alerts as never, { icons: {} })
    .use(anchor as never, {
      slugify: slug,
      permalink: anchor.permalink.headerLink({ class: 'heading-link', safariReaderFix: true }),
      callback: ({ tag }: Token, { slug, title }: { slug: string; title: string }) =>
        headings.push({ level: Number(tag.slice(1)), slug, title }),
    });
  md.renderer.rules.fence = (tokens, index) => fenceRule(tokens[index] as Token, text, urls, problems);
  md.renderer.rules.table_open = (tokens, index, _options, _env, self) =>
    `<div class="table scrolls" role="group" aria-label="Table"><table${self.renderAttrs(tokens[index] as Token)}>`;
  md.renderer.rules.table_close = () => '</table></div>';
  md.renderer.rules.image = (tokens, index) => picture(tokens[index] as Token, text, urls, problems);
  const tokens = md.parse(text.markdown, {});
  for (const token of tokens) rewriteLinks(token, text, urls);
  figures(tokens);
  nameCells(tokens);
  const sections = searchSections(tokens, headings);
  const used = linkFirstUses(tokens, text.terms ?? [], urls.relative(text.url, urls.glossary));
  const rendered = md.renderer.render(withSections(tokens, text.after), md.options, {});
  return { html: rendered + termNotes(used, text.url, urls).join(''), headings, sections };
}

/** The languages of a text's code blocks. */
export function languagesOf(markdown: string): string[] {
  const fences = markdownIt({ html: true })
    .parse(markdown, {})
    .filter(({ type }) => type === 'fence');
  return fences.map(({ info }) => info.trim().split(/\s+/)[0] ?? '');
}

function fenceRule({ info, content, map }: Token, text: Text, urls: Urls, problems: Problems): string {
  const line = (map?.[0] ?? 0) + 1;
  const [language = '', ...words] = info.trim().split(/\s+/);
  if (!isLanguage(language)) {
    problems.add(
      text.file,
      line,
      `${JSON.stringify(language)} is no language that shiki knows: mend it, or write "text"`,
    );
    return '';
  }
  try {
    if (language === 'console') return transcript(text, line).text;
    return codeBlock({ language, code: content.replace(/\n$/, ''), source: words.join(' ') }, text, urls).text;
  } catch (error) {
    const source = words.length > 0 ? `${words.join(' ')}: ` : '';
    problems.add(text.file, line, `${source}${(error as Error).message}`);
    return '';
  }
}

const read = new Map<string, ReturnType<typeof transcripts>>();

function transcript({ file, markdown }: Text, line: number): Html {
  const known = read.get(markdown) ?? transcripts(file);
  read.set(markdown, known);
  const block = known.find((one) => one.line === line);
  if (!block || block.error) throw new Error(block?.error?.message ?? 'there is no such transcript');
  return transcriptBlock(block.commands);
}

/** Links of the repository's files become links of the site's pages. */
function rewriteLinks(token: Token, text: Text, urls: Urls): void {
  const at = (href: string) => urls.relative(text.url, urls.resolve(href, text.file));
  let line = (token.map?.[0] ?? 0) + 1;
  for (const inline of [token, ...(token.children ?? [])]) {
    if (inline.type === 'softbreak' || inline.type === 'hardbreak') line++;
    if (inline.type === 'image') inline.meta = { line };
    const href = inline.type === 'link_open' ? inline.attrGet('href') : null;
    if (href !== null && inline.attrGet('class') !== 'heading-link') inline.attrSet('href', at(String(href)));
    if (inline.type === 'html_block' || inline.type === 'html_inline') {
      inline.content = inline.content.replace(/(\shref=")([^"]*)"/g, (_, name, href) => `${name}${at(href)}"`);
    }
  }
}

/** A paragraph that is one picture is a figure. */
function figures(tokens: Token[]): void {
  for (const [index, { children, type }] of tokens.entries()) {
    if (type !== 'inline' || children?.length !== 1 || children[0]?.type !== 'image') continue;
    for (const paragraph of [tokens[index - 1], tokens[index + 1]]) if (paragraph) paragraph.tag = 'figure';
    tokens[index - 1]?.attrSet('class', 'picture');
  }
}

/** Each part that a heading of the second level begins, in a <section> of its own. */
function withSections(tokens: readonly Token[], after?: Text['after']): Token[] {
  const made: Token[] = [];
  let open: string | undefined;
  const close = () => {
    if (open !== undefined) made.push(markup(`${after?.get(open) ?? ''}</section>\n`));
  };
  for (const token of tokens) {
    if (token.type === 'heading_open' && token.tag === 'h2' && token.level === 0) {
      close();
      open = String(token.attrGet('id'));
      made.push(markup(`<section class="part part-${open}">\n`));
    }
    made.push(token);
  }
  close();
  return made;
}

function markup(content: string): Token {
  const [token] = markdownIt({ html: true }).parse('<p>\n', {});
  return Object.assign(token as Token, { content });
}
