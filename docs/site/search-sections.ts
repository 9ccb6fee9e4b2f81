import type { Token } from 'markdown-it';

/** A heading of a page, for its table of contents. */
export interface Heading {
  readonly level: number;
  readonly slug: string;
  readonly title: string;
}

/** A piece of a page that the search may find: what stands below one heading. */
export interface Section {
  /** '' for what stands above the first heading. */
  readonly slug: string;
  readonly title: string;
  readonly text: string;
  /** The title of the part that it belongs to, below the page's own. */
  readonly under?: string;
}

/** A page's prose by headings. Code is left out: the search would find words that nobody means. */
export function searchSections(tokens: readonly Token[], headings: readonly Heading[]): Section[] {
  const sections: { slug: string; title: string; under: string; texts: string[] }[] = [];
  let part = '';
  for (const [index, token] of tokens.entries()) {
    if (token.type === 'heading_open') {
      const slug = String(token.attrGet('id') ?? '');
      const { title = '', level = 1 } = headings.find((one) => one.slug === slug) ?? {};
      if (level <= 2) part = level === 2 ? title : '';
      sections.push({ slug, title, under: level > 2 ? part : '', texts: [] });
    }
    if (tokens[index - 1]?.type === 'heading_open') continue;
    if (token.type === 'inline') sections.at(-1)?.texts.push(proseOf(token));
    if (token.type === 'html_block') sections.at(-1)?.texts.push(token.content.replace(/<[^>]*>/g, ' '));
  }
  return sections.map(({ slug, title, under, texts }) => {
    const text = texts.join(' ').replace(/\s+/g, ' ').trim();
    return { slug, title, text, ...(under && { under }) };
  });
}

function proseOf({ children }: Token): string {
  const words = (children ?? []).map(({ type, content }) => {
    if (type === 'text' || type === 'code_inline') return content;
    return type === 'softbreak' || type === 'hardbreak' ? ' ' : '';
  });
  return words.join('');
}
