import { describe, expect, test } from 'vitest';
import { highlightTypeScript } from '../site/typescript.ts';

/** What of a line of code is shown as a string or a regular expression. */
const strings = (code: string) =>
  highlightTypeScript(code).flatMap((line) =>
    [...line.matchAll(/<span class="t-string">(.*?)<\/span>/g)].map(([, text]) => text),
  );

describe('a slash', () => {
  test.each(['done', 'this.#done', '10n', '10', 'from', 'list[0]', '(a)', 'nth++', 'this'])(
    'divides after %s',
    (value) => {
      expect(strings(`${value} / 2 / 3`)).toEqual([]);
    },
  );

  test.each(['', 'const is = ', 'return ', '!', 'test(', '[1, '])('begins a regular expression after %j', (before) => {
    expect(strings(`${before}/a b/`)).toEqual(['/a b/']);
  });
});
