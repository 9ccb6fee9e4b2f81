import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkSite, MOST_BYTES } from '../site/check.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxstep-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What is wrong with a site of these pages. */
function wrong(pages: Record<string, string>): string[] {
  for (const [url, html] of Object.entries(pages)) writeFileSync(join(folder, url), html);
  return [...checkSite(folder, Object.keys(pages)).wrong];
}

describe('a finished site', () => {
  test('is right if its links lead to pages and anchors that are there', () => {
    const pages = {
      'a.html': '<a href="b.html#x">b</a><a href="#top" id="top">up</a>',
      'b.html': '<p id="x"><a href="a.html?q=1">a</a>',
    };
    expect(wrong(pages)).toEqual([]);
  });

  test.each([
    ['a link to no page', '<a href="no.html">', 'a.html: "no.html" leads nowhere'],
    ['a link to no anchor', '<a href="#no">', 'a.html: "#no": that page has no #no'],
    [
      'an address from the root of a server',
      '<a href="/b.html">',
      'a.html: "/b.html" holds only where the site is the root',
    ],
    ['a script that is not there', '<script src="no.js"></script>', 'a.html: "no.js" leads nowhere'],
    ['a name that is given twice', '<p id="x"><p id="x">', 'a.html: two elements are #x'],
    [
      'a page that is too heavy',
      `<p>${'x'.repeat(MOST_BYTES)}`,
      `a.html: ${MOST_BYTES + 3} bytes are more than ${MOST_BYTES}`,
    ],
  ])('is wrong with %s', (_, html, message) => {
    expect(wrong({ 'a.html': html })).toEqual([expect.stringContaining(message)]);
  });

  test('weighs as much as all that a page loads, each once', () => {
    writeFileSync(join(folder, 'x.css'), 'x'.repeat(1000));
    const html = '<link href="x.css"><img src="x.css">';
    expect(wrong({ 'a.html': html })).toEqual([]);
    expect(checkSite(folder, ['a.html']).heaviest).toEqual({ url: 'a.html', bytes: 1000 + html.length });
  });
});
