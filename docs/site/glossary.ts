import type { Token } from 'markdown-it';
import { slug } from '../../test/readme/links.ts';
import type { Term } from '../glossary.ts';

/**
 * Makes the first use of each term in a text a link to the glossary; in headings, links, code and HTML there is none.
 *
 * @param glossary - the glossary's address from this page
 */
export function linkFirstUses(tokens: readonly Token[], terms: readonly Term[], glossary: string): void {
  const left = new Map(
    terms.flatMap((term) => [term.term, ...term.also].map((form) => [form.toLowerCase(), term] as const)),
  );
  let isHeading = false;
  for (const token of tokens) {
    if (token.type === 'heading_open') isHeading = true;
    if (token.type === 'heading_close') isHeading = false;
    if (token.type === 'inline' && !isHeading) token.children = linked(token.children ?? [], left, glossary);
  }
}

function linked(children: readonly Token[], left: Map<string, Term>, glossary: string): Token[] {
  let depth = 0;
  return children.flatMap((token) => {
    if (token.type === 'link_open') depth++;
    if (token.type === 'link_close') depth--;
    return token.type === 'text' && depth === 0 ? split(token, left, glossary) : [token];
  });
}

/** A text with the first term in it as a link, and so on with what is behind. */
function split(token: Token, left: Map<string, Term>, glossary: string): Token[] {
  const found = firstOf(token.content, left);
  if (!found) return [token];
  const { index, spelling, term } = found;
  for (const [key, one] of left) if (one === term) left.delete(key);
  const text = (content: string) => Object.assign(copyOf(token), { content });
  const open = Object.assign(copyOf(token), { type: 'link_open', tag: 'a', nesting: 1, content: '' });
  open.attrs = [
    ['href', `${glossary}#${slug(term.term)}`],
    ['class', 'term'],
  ];
  const close = Object.assign(copyOf(token), { type: 'link_close', tag: 'a', nesting: -1, content: '' });
  const rest = text(token.content.slice(index + spelling.length));
  const word = text(token.content.slice(index, index + spelling.length));
  return [text(token.content.slice(0, index)), open, word, close, ...split(rest, left, glossary)];
}

function firstOf(content: string, left: ReadonlyMap<string, Term>) {
  if (left.size === 0) return undefined;
  const longest = [...left.keys()].sort((a, b) => b.length - a.length);
  const words = longest.map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  const match = new RegExp(`(?<![\\w./-])(?:${words.join('|')})(?![\\w/-])`, 'i').exec(content);
  const term = match && left.get(match[0].toLowerCase());
  return term ? { index: match.index, spelling: match[0], term } : undefined;
}

function copyOf(token: Token): Token {
  return Object.assign(Object.create(Object.getPrototypeOf(token)), token) as Token;
}
