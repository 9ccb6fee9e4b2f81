import { existsSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { build } from '../site/build.ts';
import { Output } from '../site/output.ts';
import { lesson, site } from './workspace.ts';

const fenced = (info: string, ...lines: string[]) => [`\`\`\`${info}`, ...lines, '```'];

describe('the site', () => {
  test('has a page for each lesson, each page of docs, and each source file', async () => {
    const { pages } = await site({ 'docs/homework.md': '# Homework\n' });
    expect(pages.filter((url) => !url.endsWith('/index.html'))).toEqual([
      'index.html',
      'steps/01-first.html',
      'glossary.html',
      'homework.html',
      'search.html',
      'source/LICENSE.html',
      'source/steps/01-first/src/plan.ts.html',
      'source/steps/01-first/pictures/box.svg.html',
    ]);
  });

  test('names the steps that are still being written, and links only those that are there', async () => {
    const { page } = await site();
    expect(page('index.html')).toMatch(/<a href="steps\/01-first.html"[^>]*><span class="number">1<\/span> first/);
    expect(page('index.html')).toMatch(/<li class="later"><span><span class="number">2<\/span> second/);
  });

  test('has the capstone’s lessons after the steps: last in line, on the first page, and in every page’s navigation', async () => {
    const { page } = await site({
      'README.md':
        '# C\n\n## The steps\n\n| step | gains |\n| --- | --- |\n| [1 first](steps/01-first/README.md) | a |\n',
      'capstone/README.md': '# Time: a small Docker\n\n## The idea\n\nA namespace.\n',
      'capstone/src/oci/README.md': '# The OCI runtime\n\nRunc.\n',
    });
    expect(page('steps/01-first.html')).toMatch(/rel="next" href="..\/capstone.html">.*Time: a small Docker/);
    expect(page('index.html')).toMatch(/href="capstone.html"><b>After them: a small Docker/);
    expect(page('glossary.html')).toMatch(/href="oci.html".*>The OCI runtime/);
    expect(page('capstone.html')).toContain('glossary.html#namespace');
    expect(page('assets/search-index.js')).toMatch(/^boxstepSearch/);
  });

  test('has only addresses that hold under any base path', async () => {
    const { page, pages } = await site();
    const addresses = pages.flatMap((url) =>
      [...page(url).matchAll(/\s(?:href|src|action)="([^"]*)"/g)].map(([, to]) => to),
    );
    expect(addresses.length).toBeGreaterThan(50);
    expect(addresses.filter((to) => /^(?:\/|file:)/.test(to ?? ''))).toEqual([]);
  });

  test('lists what is in a folder that a page leads to', async () => {
    const { page } = await site({ 'docs/index.md': '# Home\n\n[The first](../steps/01-first/src)\n' });
    expect(page('source/steps/01-first/src/index.html')).toContain('<a href="plan.ts.html">plan.ts</a>');
  });
});

describe('a lesson', () => {
  test('shows a region as it is in the source, under the file’s name, which leads to its line', async () => {
    const page = await lesson(...fenced('ts src/plan.ts#the whole container', 'an old copy'));
    expect(page).toContain('<a href="../source/steps/01-first/src/plan.ts.html#L3">steps/01-first/src/plan.ts</a>');
    expect(page).toContain('<span class="t-string">&#39;/proc&#39;</span>'.replaceAll('&#39;', "'"));
    expect(page).not.toMatch(/an old copy|#region/);
  });

  test('shows a transcript as commands, which alone are copied, and their output', async () => {
    const page = await lesson(...fenced('console', '# ./boxstep 1 run id', 'uid=0(root)', '$ true'));
    expect(page).toContain('<span class="prompt" data-prompt="# "></span><kbd>');
    expect(page).toContain('<samp>uid=0(root)</samp>');
    expect(page.replace(/<[^>]*>/g, '')).toContain('./boxstep 1 run id\nuid=0(root)\ntrue\n');
  });

  test('links the first use of a term to the glossary: not in headings, code or links, and once', async () => {
    const page = await lesson(
      'See [a namespace](src/plan.ts), `cgroup`, **two Namespaces**.',
      '',
      '### Of namespaces',
      '',
      'A namespace is no cgroup; cgroups nest.',
    );
    const links = [...page.matchAll(/<a href="[^"]*#(\w+)" class="term">(.*?)<\/a>/g)].map(([, id, word]) => [
      id,
      word,
    ]);
    expect(links).toEqual([
      ['namespace', 'Namespaces'],
      ['cgroup', 'cgroup'],
    ]);
  });

  test('shows notes, footnotes and folded answers', async () => {
    const page = await lesson(
      '> [!WARNING]',
      '> Mind this.',
      '',
      'Text[^1].',
      '',
      '[^1]: The note.',
      '',
      '<details><summary>Why?</summary>',
      '',
      'So.',
      '</details>',
    );
    expect(page).toMatch(/markdown-alert-warning.*Mind this/s);
    expect(page).toMatch(/<li id="fn1" class="footnote-item"><p>The note/);
    expect(page).toMatch(/<details><summary>Why\?<\/summary>\s*<p>So.<\/p>\s*<\/details>/);
  });

  test('holds its pictures as text, whose styles touch nothing else and follow the page’s light or dark', async () => {
    const page = await lesson('![A box](pictures/box.svg)');
    expect(page).toMatch(
      /<figure class="picture">.*<svg id="picture-box"[^>]* aria-label="A box".*<text>namespace<\/text>/s,
    );
    expect(page).toContain('#picture-box text { fill: var(--ink); }');
    expect(page).toMatch(/:root\[data-theme="dark"\] #picture-box \{ --ink: white; \}/);
    expect(page).toMatch(/prefers-color-scheme: dark\) \{ :root:not\(\[data-theme="light"\]\) #picture-box/);
  });

  test('has its headings as anchors, and in its table of contents', async () => {
    const page = await lesson('## Try it: `run`', '', '[above](#the-idea)');
    expect(page).toContain('<h2 id="try-it-run"');
    expect(page).toContain('<li class="level-2"><a href="#try-it-run">Try it: run</a></li>');
  });
});

describe('the build fails', () => {
  const README = /steps\/01-first\/README\.md/.source;

  test.each([
    [
      'at a region that is gone, and names README, line, file, region, and the regions there are',
      fenced('ts src/plan.ts#the end'),
      `${README}:5: src/plan.ts#the end: there is no region "the end"; there are \\["the whole container"\\]`,
    ],
    ['at a file that is gone', fenced('ts src/no.ts#it'), `${README}:5: src/no.ts#it: there is no file`],
    [
      'at a block that names a file and no region',
      fenced('ts src/plan.ts'),
      `${README}:5: src/plan.ts: it names no region`,
    ],
    [
      'at a link that leads nowhere',
      ['text', 'and [a](no.md)'],
      `${README}:6: "no.md": there is no steps/01-first/no.md`,
    ],
    ['at an anchor that is gone', ['[a](#nothing)'], `${README}:5: "#nothing": no heading is #nothing`],
    [
      'at an anchor of another page',
      ['[a](../../docs/glossary.md#no)'],
      `${README}:5: .*no heading is #no; there are #glossary`,
    ],
    ['at a picture that is missing', ['', '![a](pictures/no.svg)'], `${README}:6: "pictures/no.svg": there is no`],
    [
      'at a picture without a text',
      ['![](pictures/box.svg)'],
      `${README}:5: the picture "pictures/box.svg": .* needs a text`,
    ],
    ['at a picture from the web', ['![a](https://example.com/a.png)'], `${README}:5: .* would not be there offline`],
    ['at a language that nobody knows', ['', ...fenced('tss', 'x')], `${README}:6: "tss" is no language`],
    [
      'at a transcript that begins with output',
      fenced('console', 'hello'),
      `${README}:5: a transcript begins with a command`,
    ],
  ])('%s', async (_, lines, message) => {
    await expect(lesson(...lines)).rejects.toThrow(new RegExp(message));
  });

  test('with all that is wrong, not only the first', async () => {
    const wrong = lesson('[a](no.md)', '', ...fenced('tss', 'x'), '', ...fenced('ts src/plan.ts#the end'));
    await expect(wrong).rejects.toThrow(/:5: .*\n.*:7: .*\n.*:11: /s);
  });

  test('at a lesson that the README’s table doesn’t have', async () => {
    await expect(site({ 'steps/02-more/README.md': '# More\n' })).rejects.toThrow(
      /README.md:1: its table has no steps\/02-more/,
    );
  });
});

test('a site that is built again writes the page whose source has changed, and removes what is gone', async () => {
  const { out } = await site({ 'docs/later.md': '# Later\n\nA page.\n' });
  const root = join(out, '../..');
  const output = new Output(out);
  const again = () => build({ root, output, api: false });
  await again();
  const past = new Date(0);
  const { pages } = await again();
  for (const url of pages) utimesSync(join(out, url), past, past);
  writeFileSync(join(root, 'steps/01-first/README.md'), '# The first lesson\n\n## The idea\n\nSomething, by now.\n');
  const now = await again();
  const written = now.pages.filter((url) => statSync(join(out, url)).mtimeMs > 0);
  expect(written).toEqual(['steps/01-first.html']);
  expect(readFileSync(join(out, 'steps/01-first.html'), 'utf8')).toContain('Something, by now.');
  rmSync(join(root, 'docs/later.md'));
  await again();
  expect(existsSync(join(out, 'later.html'))).toBe(false);
  writeFileSync(join(root, 'steps/01-first/README.md'), '# The first lesson\n\n## Another idea\n\n[x](#the-idea)\n');
  await expect(again()).rejects.toThrow('the-idea');
});
