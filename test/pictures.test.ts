import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { parse, ROOT } from './readme/markdown.ts';
import { readmes } from './readme/readmes.ts';

/** A picture of a page, and the words that stand for it where it can't be seen. */
interface Picture {
  readonly page: string;
  readonly file: string;
  readonly alt: string;
}

const pictures = readmes().flatMap((page) =>
  parse(page)
    .flatMap(({ children }) => children ?? [])
    .filter(({ type }) => type === 'image')
    .map(
      (image): Picture => ({
        page: relative(ROOT, page),
        file: join(dirname(page), String(image.attrGet('src'))),
        alt: image.content,
      }),
    ),
);

/** What is drawn as text, and what the picture says of itself to those who can't see it. */
function read(file: string): { drawn: string; described: string } {
  const svg = readFileSync(file, 'utf8');
  const between = (tag: string) =>
    [...svg.matchAll(new RegExp(`<${tag}[^>]*>(.*?)</${tag}>`, 'gs'))].map(([, inner = '']) => inner);
  const plain = (texts: string[]) => texts.join('\n').replace(/<[^>]+>/g, ' ');
  return { drawn: plain(between('text')), described: plain(between('desc')) };
}

const numbers = (text: string) => text.match(/\d+/g) ?? [];

test.each(pictures)('$page: $alt', ({ file, alt }) => {
  const { drawn, described } = read(file);
  expect(numbers(drawn), 'every number of the alternative text is drawn').toEqual(expect.arrayContaining(numbers(alt)));
  expect(numbers(drawn), 'every number of the description is drawn').toEqual(
    expect.arrayContaining(numbers(described)),
  );
});

test('lesson 1’s container has the same number and name in its picture as in the words for it', () => {
  const { alt, file } = pictures.find((one) => one.file.endsWith('/namespaces.svg')) as Picture;
  const { drawn, described } = read(file);
  for (const word of ['4718', 'laptop', 'web']) {
    expect(alt).toContain(word);
    expect(described).toContain(word);
    expect(drawn).toMatch(new RegExp(`\\b${word}\\b`));
  }
});
