import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A word of the glossary. */
export interface Term {
  /** As its heading writes it; the heading's name in an address is GitHub's, as for every heading. */
  readonly term: string;
  /** Other forms of it, by which a text may mean it. */
  readonly also: readonly string[];
  /** What it means, as Markdown. */
  readonly meaning: string;
  readonly line: number;
}

/**
 * The terms of docs/glossary.md, in its order: a heading of the second level each, then perhaps a line "Also: …" with
 * other forms between commas, then what it means.
 */
export function glossary(text = readFileSync(join(import.meta.dirname, 'glossary.md'), 'utf8')): Term[] {
  let line = 1;
  return text.split(/^(?=## )/m).flatMap((part) => {
    const at = line;
    line += part.split('\n').length - 1;
    const [, term = '', also = '', meaning = ''] = /^## ([^\n]+)\n+(?:Also: ([^\n]+)\n+)?(.*)$/s.exec(part) ?? [];
    return term === '' ? [] : [{ term, also: also.split(', ').filter(Boolean), meaning: meaning.trim(), line: at }];
  });
}
