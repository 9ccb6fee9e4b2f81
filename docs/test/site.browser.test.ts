import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { needs } from '../../test/needs.ts';
import { ROOT } from '../../test/readme/markdown.ts';
import { region } from '../../test/readme/regions.ts';
import { build } from '../site/build.ts';
import { MOST_BYTES } from '../site/check.ts';
import { fileServer, violations } from './browser.ts';

const out = mkdtempSync(join(tmpdir(), 'boxstep-site-'));
let server: { url: string; server: Server };
let browser: Browser | undefined;
let page: Page;

beforeEach(needs('chromium'));
beforeAll(async () => {
  await build({ out });
  server = await fileServer(out, '/some/where/');
});
afterEach(() => page?.context().close());
afterAll(async () => {
  await browser?.close();
  server.server.close();
  rmSync(out, { recursive: true });
});

/** Opens a page of the site as a file, or from a server under a base path. */
async function open(
  url: string,
  options: BrowserContextOptions = {},
  from = pathToFileURL(`${out}/`).href,
): Promise<Page> {
  browser ??= await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  const context = await browser.newContext({
    viewport: { width: 1300, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  });
  page = await context.newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.goto(from + url);
  return page;
}

const url = () => page.url().slice(page.url().indexOf(out) + out.length + 1);
const results = () => page.getByRole('list', { name: 'Results' }).getByRole('link');
const PHONE = { viewport: { width: 360, height: 740 } };
const LESSON = 'steps/01-namespaces.html';

describe('a reader', () => {
  test('goes from the first page through a lesson to the next, and marks it as done', async () => {
    await open('index.html');
    await page.getByRole('link', { name: /^1 namespaces and cgroups/ }).click();
    await page.getByRole('navigation', { name: 'On this page' }).getByRole('link', { name: 'Questions' }).click();
    expect(url()).toBe(`${LESSON}#questions`);

    const answer = page.getByText('numbers that mean something else inside');
    expect(await answer.isVisible()).toBe(false);
    await page.getByText('Why must /proc be mounted anew?').click();
    expect(await answer.isVisible()).toBe(true);

    await page.getByRole('button', { name: 'Mark step 1 as done' }).click();
    await page.getByRole('link', { name: /Next/ }).click();
    expect(url()).toBe('steps/02-rootfs.html');
    await page.getByRole('link', { name: 'Boxstep', exact: true }).click();
    await page.locator('.box .is-done').first().waitFor(); // a script marks it, once the page is there
    expect(await page.locator('.box .is-done').count()).toBe(1);
    expect(await page.locator('.box .is-done').textContent()).toContain('namespaces');
  });

  test('takes back that a lesson is done', async () => {
    await open(LESSON);
    const button = page.getByRole('button', { name: 'Mark step 1 as done' });
    await button.click();
    await page.reload();
    expect(await button.getAttribute('aria-pressed')).toBe('true');
    expect(await page.getByRole('link', { name: 'namespaces and cgroups (done)' }).count()).toBe(1);
    await button.click();
    await page.reload();
    expect(await button.getAttribute('aria-pressed')).toBe('false');
  });

  test('comes from a code block to its line in the source', async () => {
    await open(LESSON);
    await page.getByRole('link', { name: 'steps/01-namespaces/src/plan.ts' }).first().click();
    expect(url()).toMatch(/^source\/steps\/01-namespaces\/src\/plan.ts.html#L\d+$/);
    expect(await page.locator(':target').textContent()).toContain('#region');
  });

  test('copies a transcript’s commands without prompts and output', async () => {
    await open(LESSON, { permissions: ['clipboard-read', 'clipboard-write'] }, server.url);
    const transcript = page.locator('.transcript', { hasText: 'exit 7' });
    await transcript.hover();
    await transcript.getByRole('button').click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(
      /^\.\/boxstep 1 run sh -c 'exit 7'; echo \$\?\n\.\/boxstep 1 run nosuchcommand; echo \$\?\n/,
    );
    expect(copied).not.toContain('boxstep: exec');
  });

  test('finds an answer open that a link leads into', async () => {
    await open(`${LESSON}#questions`);
    await page.evaluate(() => document.querySelector('article details p')?.setAttribute('id', 'meant'));
    await page.evaluate(() => {
      location.hash = 'meant';
    });
    await page.waitForFunction(() => document.querySelector<HTMLDetailsElement>('article details')?.open);
  });
});

describe('the first page', () => {
  test('begins with the title, the way to lesson 1, and a terminal that plays unless one wants no motion', async () => {
    await open('index.html', { reducedMotion: 'no-preference' });
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000); // so that no answer comes before it is looked at
    await page.reload();
    const terminal = page.locator('.lead .transcript');
    await terminal.getByRole('button', { name: 'Play' }).waitFor();
    expect(await terminal.locator('.to-come').count()).toBeGreaterThan(0);
    expect(await terminal.textContent()).toContain('I am PID 1 on web');
    await page.clock.resume();
    await page.waitForFunction(() => document.querySelectorAll('.to-come').length === 0);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.reload();
    expect(await terminal.getByText('I am PID 1 on web').isVisible()).toBe(true);
    expect(await terminal.getByRole('button', { name: 'Play' }).count()).toBe(0);
    expect(await page.locator('.box .hours').first().textContent()).toBe('2 h to read, 3 h of homework');
    await page.getByRole('link', { name: 'Start lesson 1' }).click();
    expect(url()).toBe(LESSON);
  });
});

describe('the API', () => {
  test('has each call’s errors and what to do, its first use in a step, and names that lead to their description', async () => {
    await open(LESSON);
    const block = page.locator('figure.code', { hasText: 'the whole container' });
    await block.getByRole('link', { name: 'chroot', exact: true }).click();
    expect(url()).toBe('api/shared-native/calls/mount.html#chroot');
    await page.getByRole('cell', { name: /mount proc before the old root/ }).waitFor();
    const used = page.getByText(/^Used in step 1, /).first();
    await used.locator('xpath=following-sibling::figure[1]').getByText("mount(null, '/', null, MS_REC").waitFor();
    await page.locator('figure.code').first().getByRole('link', { name: 'Call', exact: true }).click();
    expect(url()).toBe('api/shared-native/call.html#call');
    await page.getByRole('heading', { name: 'For instructors' }).waitFor();
  });
});

describe('the search', () => {
  test('finds while one types; arrows choose, Enter follows', async () => {
    await open(LESSON);
    await page.keyboard.press('/');
    await page.keyboard.type('pivotRoot');
    await results().first().waitFor();
    await page.keyboard.press('ArrowDown');
    expect(await page.locator(':focus').textContent()).toMatch(/pivotRoot/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/api\/shared-native\/calls\/mount\.html#pivotroot$/);
  });

  test('closes by Escape, and opens a page of all results by Enter', async () => {
    await open(LESSON);
    await page.getByRole('searchbox').fill('memory');
    await results().first().waitFor();
    await page.keyboard.press('Escape');
    expect(await results().count()).toBe(0);
    await page.keyboard.press('Enter');
    await page.waitForURL(/search\.html\?q=memory/);
    await results().nth(10).waitFor();
    expect(await page.getByRole('status').textContent()).toMatch(/^\d+ found$/);
    expect(await page.locator('mark').first().textContent()).toMatch(/memory|limit/i);
  });

  test('knows lessons, pages and the API’s constants, and says when there is nothing', async () => {
    await open('search.html');
    const places: [string, string][] = [
      ['MS_PRIVATE', 'api/shared-native/kernel/constants.html#MS_PRIVATE'],
      ['throttled', 'steps/03-limits.html#'],
      ['posix_spawn', 'why-not-fork.html#'],
    ];
    for (const [words, place] of places) {
      await page.getByRole('searchbox').fill(words);
      await page.locator(`.search li a[href^="${place}"]`).first().waitFor();
    }
    await page.getByRole('searchbox').fill('zzzzqqqq');
    await page.getByText('Nothing found').waitFor();
  });

  test('opens by Ctrl-K wherever one is, has an exact name first, and says where a hit is', async () => {
    await open(LESSON);
    await page.evaluate(() => scrollTo(0, 2000));
    const before = await page.evaluate(() => scrollY);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('clone');
    await results().first().waitFor();
    expect(await page.evaluate(() => scrollY)).toBe(before);
    expect(await page.locator('.search li b').first().textContent()).toBe('clone');
    expect(await page.locator('.search li .where').first().textContent()).toBe('Glossary');
    await page.getByRole('searchbox').fill('play and step');
    await page.locator('.search li a[href$="explorer.html"]').waitFor();
    await page.getByRole('searchbox').fill('macOS');
    await page.locator('.where', { hasText: 'Home' }).waitFor();
  });

  test('weighs with its index no more than a page may', async () => {
    await open('search.html?q=cgroup', {}, 'about:blank#');
    const sizes: Promise<number>[] = [];
    page.on('response', (response) => sizes.push(response.body().then(({ length }) => length)));
    await page.goto(`${server.url}search.html?q=cgroup`);
    await results().first().waitFor();
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThan(MOST_BYTES);
  });
});

describe('with the keyboard only', () => {
  test('one skips to the text, and opens an answer', async () => {
    await open(LESSON);
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Skip to the text');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('site-main');
    await page.locator('article summary').first().focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('article details[open]').count()).toBe(1);
  });

  test('one reaches everything that can be clicked, and sees where one is', async () => {
    await open('steps/02-rootfs.html');
    const reached = new Set<string>();
    for (let presses = 0; presses < 500; presses++) {
      await page.keyboard.press('Tab');
      const { name, outline } = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        return {
          name: `${element.tagName} ${element.className} ${element.textContent?.slice(0, 30)}`,
          outline: getComputedStyle(element).outlineStyle,
        };
      });
      if (name.startsWith('BODY')) break;
      expect([name, outline]).toEqual([name, expect.not.stringMatching('none')]);
      reached.add(name.split(' ')[0] as string);
    }
    expect([...reached].sort()).toEqual(['A', 'BUTTON', 'INPUT', 'SUMMARY']);
  });

  test('one scrolls what is wider than its place', async () => {
    await open(LESSON, PHONE);
    await page.getByRole('button', { name: 'Enlarge' }).first().press('Enter');
    const picture = page.locator('.picture .scrolls').first();
    await picture.focus();
    for (let presses = 0; presses < 3; presses++) await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => (document.querySelector('.picture .scrolls')?.scrollLeft ?? 0) > 50);
  });

  test('one changes the colours', async () => {
    await open(LESSON, { colorScheme: 'light' });
    await page.getByRole('button', { name: 'Dark colours' }).focus();
    await page.keyboard.press('Space');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  });
});

const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const ofPicture = () =>
  page.evaluate(() =>
    getComputedStyle(document.querySelector('.picture svg') as Element)
      .getPropertyValue('--paper')
      .trim(),
  );

describe('light and dark', () => {
  test('are the system’s, also in pictures, until one chooses, and the choice stays', async () => {
    await open(LESSON, { colorScheme: 'dark' });
    const dark = [await background(), await ofPicture()];
    await page.getByRole('button', { name: 'Dark colours' }).click();
    const light = [await background(), await ofPicture()];
    expect(dark[0]).not.toBe(light[0]);
    expect(dark[1]).not.toBe(light[1]);
    await page.goto(pathToFileURL(join(out, 'steps/02-rootfs.html')).href);
    expect([await background(), await ofPicture()]).toEqual(light);
  });

  test('chosen dark is as dark as the system’s', async () => {
    await open(LESSON, { colorScheme: 'dark' });
    const dark = [await background(), await ofPicture()];
    await page.context().close();
    await open(LESSON, { colorScheme: 'light' });
    await page.getByRole('button', { name: 'Dark colours' }).click();
    expect([await background(), await ofPicture()]).toEqual(dark);
  });
});

describe('a word of the glossary', () => {
  const note = () => page.getByRole('dialog');

  test('opens beside the text by Enter, and Escape leads back to it', async () => {
    await open(LESSON);
    const word = page.locator('article a.term', { hasText: 'cgroup' }).first();
    await word.focus();
    await page.keyboard.press('Enter');
    expect(await note().textContent()).toContain('counts and limits');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await note().count()).toBe(0);
    expect(await word.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(url()).toBe(LESSON);
  });

  test('opens within the screen of a phone by a touch, and leads to the glossary', async () => {
    await open(LESSON, { ...PHONE, hasTouch: true });
    for (const word of (await page.locator('article a.term').all()).slice(0, 8)) {
      await word.tap();
      const box = await note().boundingBox();
      expect([box && box.x >= 0, box && box.x + box.width <= 360]).toEqual([true, true]);
      await page.keyboard.press('Escape');
    }
    await page.locator('article a.term').first().tap();
    await note().getByRole('link', { name: 'In the glossary' }).click();
    expect(url()).toMatch(/^glossary.html#/);
  });
});

describe('the list of what is on the page', () => {
  test('marks the part that is being read, and a heading that was linked to has no box round it', async () => {
    await open(LESSON);
    const contents = page.getByRole('navigation', { name: 'On this page' });
    await contents.getByRole('link', { name: 'Try it' }).focus();
    await page.keyboard.press('Enter');
    await contents.locator('[aria-current]', { hasText: 'Try it' }).waitFor();
    expect(await contents.locator('[aria-current]').count()).toBe(1);
    await page.locator('#try-it').focus();
    expect(await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle)).toBe('none');
  });
});

/** One page of each kind; the two in the middle are there as soon as their sources are. */
const KINDS = [
  'index.html',
  LESSON,
  'steps/02-rootfs.html',
  'steps/03-limits.html',
  'steps/04-environment.html',
  'why-not-fork.html',
  'contributing.html',
  'glossary.html',
  'explorer.html',
  'bundle.html',
  'search.html?q=mount',
  'api/index.html',
  'api/shared-native/calls/mount.html',
  'api/shared-native/kernel/constants.html',
  'api/step-01/engine/plan.html',
  'source/steps/01-namespaces/src/plan.ts.html',
  'source/steps/index.html',
];

describe.each(KINDS)('%s', (kind) => {
  test('fits a screen of 360 pixels, and has nothing that axe finds wrong, narrow and dark or wide and light', async () => {
    await open(kind, { colorScheme: 'dark', viewport: { width: 360, height: 740 } });
    if (kind.startsWith('search')) await results().first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(await violations(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1300, height: 900 });
    expect(await violations(page)).toEqual([]);
  });
});

describe('every kind of page', () => {
  test('loads all it needs from a server under any base path', async () => {
    await open('index.html', {}, server.url);
    const missing: string[] = [];
    page.on('response', (response) => response.status() !== 200 && missing.push(response.url()));
    for (const kind of KINDS) await page.goto(server.url + kind);
    expect(missing.filter((one) => !one.endsWith('/favicon.ico'))).toEqual([]);
  });

  test('is printed without what is for the screen, and with its answers open', async () => {
    await open(LESSON);
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('navigation').count()).toBe(0);
    expect(await page.getByRole('button').count()).toBe(0);
    expect(await page.locator('article details p').first().isVisible()).toBe(true);
  });
});

/** The blocks of code, pictures and tables of a page that don't fit their place, in the words they begin with. */
const cutOff = () =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('article .scrolls')]
      .filter((element) => element.scrollWidth > element.clientWidth)
      .map((element) => element.textContent?.trim().slice(0, 60)),
  );

/** The numbers of a page that begin on one line and end on the next. */
const brokenNumbers = () =>
  page.evaluate(() => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.querySelector('article') as Element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      for (const { 0: number, index } of (node.textContent ?? '').matchAll(/\d[\d,.]*\d/g)) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + number.length);
        const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
        if (lines.size > 1) found.push(number);
      }
    return found;
  });

describe('on paper', () => {
  test('the third lesson, the longest of the first four, takes no more than 14 pages', async () => {
    await open('steps/03-limits.html');
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    const pages = pdf.match(/\/Type \/Page\b/g)?.length;
    expect(pages).toBeGreaterThan(4);
    expect(pages).toBeLessThanOrEqual(14);
  });
});

describe('code, tables and pictures', () => {
  test.each([360, 1366])('are nowhere cut off at %i pixels, and no number is broken', async (width) => {
    await open('steps/03-limits.html', { viewport: { width, height: 800 } });
    for (const kind of ['index.html', 'steps/03-limits.html', 'steps/05-network.html', 'why-not-fork.html']) {
      await page.goto(pathToFileURL(join(out, kind)).href);
      expect([kind, await page.locator('article figure.code').count()]).not.toContain(0);
      expect([kind, ...(await cutOff())]).toEqual([kind]);
      expect([kind, ...(await brokenNumbers())]).toEqual([kind]);
    }
  });

  test('are copied as they are in the source, comments too', async () => {
    await open('steps/03-limits.html', { permissions: ['clipboard-read', 'clipboard-write'], ...PHONE }, server.url);
    const block = page.locator('figure.code', { hasText: 'sizes.ts a size' });
    expect(await block.getByText('@returns').isVisible()).toBe(true);
    await block.getByRole('button').click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied.trim().split('\n')).toEqual(region(join(ROOT, 'steps/03-limits/src/sizes.ts'), 'a size'));
  });

  test('fit a phone: each row of a table becomes a card, with each column’s name', async () => {
    await open('why-not-fork.html', PHONE);
    const cell = page.locator('td', { hasText: 'where a C function finds its first argument' });
    const box = await cell.boundingBox();
    expect([box && box.x >= 0, box && box.x + box.width <= 360]).toEqual([true, true]);
    expect(await cell.evaluate((element) => getComputedStyle(element, '::before').content)).toContain('what it is for');
  });
});

describe('on a narrow screen', () => {
  test('menu and search stay, the page’s contents stand above the text, and a block can be copied without hovering', async () => {
    await open(LESSON, { ...PHONE, hasTouch: true }, server.url);
    const contents = page.locator('.contents');
    const [above, title] = [await contents.boundingBox(), await page.locator('h1').boundingBox()];
    expect(above?.y).toBeLessThan(title?.y ?? 0);
    await page.evaluate(() => scrollTo(0, 3000));
    for (const stays of [page.getByRole('button', { name: 'Contents' }), page.getByRole('searchbox')])
      expect((await stays.boundingBox())?.y).toBeLessThan(50);
    const copy = page.locator('.transcript').getByRole('button').first();
    expect(await copy.evaluate((element) => getComputedStyle(element).opacity)).toBe('1');
  });

  test.each([true, false])('the course is behind a button (with JavaScript: %s)', async (javaScriptEnabled) => {
    await open(LESSON, { viewport: { width: 360, height: 740 }, javaScriptEnabled });
    const next = page.getByRole('navigation', { name: 'The course' }).getByRole('link', { name: /rootfs/ });
    expect(await next.count()).toBe(0);
    await page.getByRole('button', { name: 'Contents' }).click();
    await next.click();
    expect(url()).toBe('steps/02-rootfs.html');
  });
});

describe('without JavaScript', () => {
  test('a lesson is there whole, and no button that would do nothing', async () => {
    await open(LESSON, { javaScriptEnabled: false });
    expect(await page.locator('h2').allInnerTexts()).toEqual(
      expect.arrayContaining(['What you build', 'Try it', 'Further reading']),
    );
    expect(await page.locator('.t-keyword').count()).toBeGreaterThan(10);
    expect(await page.getByRole('button').count()).toBe(0);
    await page.getByText('Is chroot a jail?').click();
    expect(await page.getByText('root can undo it from inside').isVisible()).toBe(true);
  });

  test('the search says that it needs it', async () => {
    await open(LESSON, { javaScriptEnabled: false });
    await page.getByRole('searchbox').fill('cgroup');
    await page.keyboard.press('Enter');
    await page.waitForURL(/search\.html\?q=cgroup/);
    await page.getByText('The search needs JavaScript').waitFor();
  });
});
