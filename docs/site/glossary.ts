import type { Token } from 'markdown-it';
import { slug } from '../../test/readme/links.ts';
import type { Term } from '../glossary.ts';

/**
 * Makes the first use of each term in a text a link to the glossary; in headings, links, code and HTML there is none.
 *
 * @param glossary - the glossary's address from this page
 * @returns the terms that were used
 */
export function linkFirstUses(tokens: readonly Token[], terms: readonly Term[], glossary: string): Set<Term> {
  const forms = new Map(
    terms.flatMap((term) => [term.term, ...term.also].map((form) => [form.toLowerCase(), term] as const)),
  );
  if (forms.size === 0) return new Set();
  const left: Left = { forms, used: new Set(), any: anyOf([...forms.keys()]) };
  let isHeading = false;
  for (const token of tokens) {
    if (token.type === 'heading_open') isHeading = true;
    if (token.type === 'heading_close') isHeading = false;
    if (token.type === 'inline' && !isHeading) token.children = linked(token.children ?? [], left, glossary);
  }
  return left.used;
}

function linked(children: readonly Token[], left: Left, glossary: string): Token[] {
  let depth = 0;
  return children.flatMap((token) => {
    if (token.type === 'link_open') depth++;
    if (token.type === 'link_close') depth--;
    return token.type === 'text' && depth === 0 ? split(token, left, glossary) : [token];
  });
}

/** A text with the first term in it as a link, and so on with what is behind. */
function split(token: Token, left: Left, glossary: string): Token[] {
  const found = firstOf(token.content, left);
  if (!found) return [token];
  const { index, spelling, term } = found;
  left.used.add(term);
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

/** Terms that have not been used yet in a text. */
interface Left {
  /** By each of their spellings, in small letters. */
  readonly forms: ReadonlyMap<string, Term>;
  readonly used: Set<Term>;
  /** Any of the spellings. */
  readonly any: RegExp;
}

function anyOf(forms: readonly string[]): RegExp {
  const words = forms
    .toSorted((a, b) => b.length - a.length)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  return new RegExp(`(?<![\\w./-])(?:${words.join('|')})(?![\\w/-])`, 'gi');
}

function firstOf(content: string, { forms, used, any }: Left) {
  for (const { 0: spelling, index } of content.matchAll(any)) {
    const term = forms.get(spelling.toLowerCase());
    if (term && !used.has(term)) return { index, spelling, term };
  }
  return undefined;
}

function copyOf(token: Token): Token {
  return Object.assign(Object.create(Object.getPrototypeOf(token)), token) as Token;
}
