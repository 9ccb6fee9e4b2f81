import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A word of the glossary. */
export interface Term {
  /** As its heading writes it; the heading's name in an address is GitHub's, as for every heading. */
  readonly term: string;
  /** Other forms of it, by which a text may mean it, and the plural of each. */
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
    const forms = [term, ...also.split(', ').filter(Boolean)];
    const [, ...others] = new Set([...forms, ...forms.flatMap(plural)]);
    return term === '' ? [] : [{ term, also: others, meaning: meaning.trim(), line: at }];
  });
}

/** The plural of a word, or of the last of several; of a name such as pivot_root or EINVAL, and of a plural, there is none. */
function plural(form: string): string[] {
  if (!/(?:^|[ -])[a-z]+[a-rt-z]$/.test(form)) return [];
  return [
    /[a-z]{2}[^aeou]y$/.test(form) ? `${form.slice(0, -1)}ies` : `${form}${/(?:sh|ch|x)$/.test(form) ? 'es' : 's'}`,
  ];
}
