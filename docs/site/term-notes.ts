import { join } from 'node:path';
import markdownIt from 'markdown-it';
import { slug } from '../../test/readme/links.ts';
import type { Term } from '../glossary.ts';
import { Html, html } from './html.ts';
import type { Urls } from './urls.ts';

/** What terms mean, beside the text that uses them: each opens from its word, if there is a script to open it. */
export function termNotes(terms: Iterable<Term>, url: string, urls: Urls): Html[] {
  const glossary = join(urls.root, 'docs/glossary.md');
  const md = markdownIt();
  return [...terms].map(({ term, meaning }) => {
    const tokens = md.parse(meaning.replace(/^!\[.*\]\(.*\)$/gm, ''), {}); // its pictures are in the glossary
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null;
      if (href !== null) token.attrSet('href', urls.relative(url, urls.resolve(String(href), glossary)));
    }
    const name = slug(term);
    return html`<div class="term-note" id="term-${name}" popover tabindex="-1" role="dialog" aria-label="${term}"><b>${term}</b>
${new Html(md.renderer.render(tokens, md.options, {}))}<p><a href="${urls.relative(url, urls.glossary)}#${name}">In the glossary</a></p></div>
`;
  });
}
