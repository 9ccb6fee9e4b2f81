import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { needs } from '../../test/needs.ts';
import { evaluate } from '../explorer/engine/evaluate.ts';
import { violations } from './browser.ts';
import { bundleHarness, harness } from './harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxstep-browser-'));
const pages = {
  page: join(folder, 'page.html'),
  lesson: join(folder, 'lesson.html'),
  bundle: join(folder, 'bundle.html'),
};
let browser: Browser | undefined;
let page: Page;

beforeEach(needs('chromium'));
beforeAll(async () => {
  writeFileSync(pages.page, await harness());
  writeFileSync(pages.lesson, await harness(3));
  writeFileSync(pages.bundle, await bundleHarness());
});
afterEach(async () => {
  await page?.context().close();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

async function open(which: keyof typeof pages, options: BrowserContextOptions = {}, hash = ''): Promise<Page> {
  browser ??= await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  const context = await browser.newContext({
    viewport: { width: 1180, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  });
  page = await context.newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.goto(pathToFileURL(pages[which]).href + hash);
  return page;
}

const news = () => page.locator('.explorer-news').textContent();
const marked = (mark: string) => page.locator(`.explorer-line[data-mark=${mark}] .explorer-code`).allInnerTexts();

describe('the switches', () => {
  test('of steps show what appears, and the address keeps it', async () => {
    await open('page', {}, '#step=1');
    await page.getByRole('radio', { name: '2 any directory as root' }).check();
    expect(await marked('new')).toContain('pivot_root(".", ".")');
    expect(await marked('gone')).toContain('chroot("/srv/rootfs")');
    expect(await news()).toMatch(/^\d+ lines\. From step 1 to step 2: \d+ lines appear, 2 disappear\.$/);
    expect(page.url()).toMatch(/#step=2$/);
  });

  test('of flags change the plan and the command line', async () => {
    await open('page', {}, '#step=3');
    await page.getByRole('checkbox', { name: '--memory 64m' }).check();
    expect(await marked('new')).toHaveLength(5);
    expect(await news()).toContain('With --memory 64m: 5 lines appear.');
    expect(await page.locator('.explorer-command').textContent()).toContain(
      '3 plan --name web --memory 64m /srv/rootfs sh',
    );
    await page.getByRole('checkbox', { name: '--memory 64m' }).uncheck();
    expect(await news()).toContain('Without --memory 64m: 5 disappear.');
  });

  test('that a step has not can’t be switched', async () => {
    await open('page', {}, '#step=2&on=memory');
    const memory = page.getByRole('checkbox', { name: '--memory 64m' });
    expect(await memory.isDisabled()).toBe(true);
    expect(await page.locator('.explorer-body').textContent()).not.toContain('memory.max');
  });

  test('are as the address says, also when it changes', async () => {
    await open('page', {}, '#step=3&on=cpus,v1');
    expect(await page.getByRole('radio', { name: '3 limits' }).isChecked()).toBe(true);
    expect(await page.locator('.explorer-body').textContent()).toContain('cpu.cfs_quota_us');
    await page.evaluate(() => {
      location.hash = '#step=4';
    });
    await page.locator('.explorer-line[data-step="4"]').first().waitFor();
    expect(await page.getByRole('checkbox', { name: 'cgroup v1' }).isChecked()).toBe(false);
  });
});

describe('the player', () => {
  const card = (title: string) => page.locator('.explorer-card', { has: page.getByRole('heading', { name: title }) });

  test('steps by a button, jumps by the slider and the strip, and shows what the process has, and the address keeps where', async () => {
    await open('page', {}, '#step=2&at=enter.0');
    await page.getByRole('button', { name: 'Step' }).click();
    expect(page.url()).toContain('at=enter.1');
    expect(await page.locator('[data-at="enter.1"]').getAttribute('aria-current')).toBe('step');
    expect(await card('Process').textContent()).toMatch(/working directory\s*\/srv\/rootfs \/ changed/);
    await page.getByRole('slider').press('End');
    expect(await card('Process').textContent()).toMatch(/program\s*\/bin\/sh/);
    await page.locator('[data-go="setup.1"]').click();
    expect(await card('Namespaces').textContent()).toMatch(/its own, named web.*changed/s);
  });

  test('plays by itself, and stops at the end', async () => {
    await open('page', {}, '#step=1&at=exec.1');
    await page.clock.install();
    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.clock.runFor(60_000);
    await page.getByRole('button', { name: 'Play' }).waitFor();
    expect(await card('Process').textContent()).toMatch(/program\s*\/bin\/sh/);
  });
});

test('a line can be left out: the reader guesses, and is told what comes of it', async () => {
  await open('page', {}, '#step=1');
  await page.locator('[data-at="setup.0"] summary').first().click();
  await page.getByRole('checkbox', { name: /Leave it out/ }).check();
  expect(page.url()).toContain('without=setup.0');
  await page.getByRole('button', { name: /nothing is different/ }).click();
  const told = await page.locator('.explorer-what-if [role=status]').textContent();
  expect(told).toContain('No: your program starts, and something is different.');
  expect(told).toContain('On the host, too, this is now mounted: /srv/rootfs/proc');
});

test('what comes of leaving a line out is hidden until the reader has guessed', async () => {
  await open('page', {}, '#step=1&without=setup.0');
  const panel = page.locator('.explorer-panel');
  expect(await panel.isVisible()).toBe(false);
  await page.getByRole('button', { name: /It stops before/ }).click();
  expect(await panel.isVisible()).toBe(true);
});

describe('two plans side by side', () => {
  const cells = (mark: string) => page.locator(`.explorer-beside [data-mark=${mark}] td`).allTextContents();

  test('are a kept one and another, by the address, and Back goes back', async () => {
    await open('page', {}, '#step=2');
    await page.getByRole('button', { name: 'Keep this plan' }).click();
    await page.getByRole('radio', { name: '3 limits' }).check();
    await page.getByRole('checkbox', { name: '--memory 64m' }).check();
    expect(await cells('new')).toEqual(expect.arrayContaining([expect.stringContaining('memory.max')]));
    expect(await page.locator('.explorer-beside thead').textContent()).toMatch(/2 plan.*3 plan .*--memory 64m/);
    expect(page.url()).toContain('beside=step%3D2');
    await page.goBack();
    expect(await cells('new')).not.toEqual(expect.arrayContaining([expect.stringContaining('memory.max')]));
    await page.getByRole('button', { name: 'End the comparison' }).click();
    expect(await page.locator('.explorer-beside').isVisible()).toBe(false);
    expect(page.url()).not.toContain('beside');
  });

  test('show what each process has in the end, fit on 360 pixels, and axe finds nothing wrong', async () => {
    await open('page', { viewport: { width: 360, height: 800 } }, '#step=4&on=user&beside=step%3D4');
    expect((await cells('changed')).filter((text) => text.startsWith('Identity, user'))).toEqual([
      'Identity, user: 0',
      'Identity, user: 1000',
    ]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(await violations(page)).toEqual([]);
  });
});

test('a line leads to the lesson that added it, and to its source', async () => {
  await open('page', {}, '#step=2');
  await page.locator('[data-at="enter.1"] summary').first().click();
  const link = page.locator('[data-at="enter.1"]').getByRole('link', { name: 'any directory as root' });
  expect(await link.getAttribute('href')).toBe('steps/02-rootfs.html');
});

test('if the steps’ code can’t be loaded, the page says so, and tries again', async () => {
  const html = (await harness(3)).replace(/<script>.*?<\/script>/s, ''); // without the engine, which is then a file
  const { script } = await evaluate();
  const file = join(folder, 'alone/page.html');
  mkdirSync(join(folder, 'alone'));
  writeFileSync(file, html);
  browser ??= await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  page = await (await browser.newContext()).newPage();
  await page.goto(pathToFileURL(file).href);
  await page.getByRole('checkbox').first().focus();
  await expect.poll(news).toContain('could not load');
  mkdirSync(join(folder, 'alone/assets'));
  writeFileSync(join(folder, 'alone/assets/engine.js'), script);
  await page.getByRole('checkbox').last().focus();
  await expect.poll(news).toContain('From step 2 to step 3');
});

test('a docker run becomes a plan, and Back goes back', async () => {
  await open('page', {}, '#step=3');
  await page.getByLabel('Or paste a docker run').fill('docker run -d -m 64m nginx true');
  await page.keyboard.press('Enter');
  expect(await page.locator('.explorer-command').textContent()).toContain('10 plan --name web -m 64m /srv/rootfs true');
  expect(await news()).toContain('unknown to the steps: -d.');
  await page.goBack();
  expect(await page.getByRole('radio', { name: '3 limits' }).isChecked()).toBe(true);
});

describe('a config.json that is pasted', () => {
  test('becomes a plan by the keyboard alone, and can be played', async () => {
    await open('bundle', { viewport: { width: 360, height: 740 } });
    const box = page.getByLabel('A bundle’s config.json');
    const example = JSON.parse(await box.inputValue());
    await box.fill(JSON.stringify({ ...example, hostname: 'pasted', root: { path: '/srv/other', readonly: false } }));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await news()).toMatch(/^\d+ lines\. From the plan before: .*change/);
    expect((await marked('changed')).join('\n')).toContain('sethostname("pasted"');
    const [line] = await page.locator('.explorer-line', { hasText: 'sethostname(' }).allInnerTexts();
    expect(line).toMatch(/hostname$/);
    await page.getByRole('button', { name: 'Step' }).click();
    expect(await page.locator('.explorer-now').textContent()).toMatch(/^2 of \d+ /);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });

  test.for([
    ['{"ociVersion": "1.2.0", "process": {"cwd": "/", "args": "sh"}}', 'process.args is to be a list, and is "sh"'],
    ['{"ociVersion": "1.2.0", "linux": {"intelRdt": {}}}', 'linux.intelRdt can’t be had'],
    ['{', 'position 1 (line 1 column 2)'],
  ] as const)('%s is answered by the field that is wrong, and the plan stays', async ([text, said]) => {
    await open('bundle');
    await page.getByLabel('A bundle’s config.json').fill(text);
    await page.getByRole('button', { name: 'Show its plan' }).click();
    expect(await news()).toContain(said);
    expect(await page.locator('.explorer-line').count()).toBeGreaterThan(50);
  });

  test('is answered by one sentence and the example’s plan without a script', async () => {
    await open('bundle', { javaScriptEnabled: false });
    expect(await page.locator('noscript').textContent()).toContain('boxstep oci plan BUNDLE');
    expect(await page.getByLabel('A bundle’s config.json').isVisible()).toBe(false);
    expect(await page.locator('.explorer-body').textContent()).toContain('linux.maskedPaths');
  });
});

test('what a step refuses is said in its words, and the plan stays', async () => {
  await open('page', {}, '#step=3');
  await page.getByLabel('Or paste a docker run').fill('docker run -m lots nginx');
  await page.keyboard.press('Enter');
  expect(await news()).toMatch(/memory/);
  expect(await page.locator('.explorer-line').count()).toBeGreaterThan(50);
});

describe('a line', () => {
  test('opens to its arguments, flags, record, step and manual page', async () => {
    await open('page', {}, '#step=2');
    const line = page.locator('.explorer-line', { hasText: 'mount("sysfs"' });
    await line.locator('summary').first().click();
    const detail = await line.locator('.explorer-detail').textContent();
    expect(detail).toContain('MS_RDONLY no file can be changed through this mount');
    expect(detail).toContain('Added by step 2');
    expect(await line.getByRole('link', { name: 'mount(2)' }).getAttribute('href')).toContain('man2/mount.2.html');
    await line.getByText('Its record, 96 bytes').click();
    expect(await line.locator('.explorer-record').textContent()).toMatch(/165 on x86-64, 40 on arm64/);
  });

  test('is opened by its mark in the overview', async () => {
    await open('page', {}, '#step=2');
    await page.locator('[data-go="enter.2"]').click();
    expect(await page.locator('[data-at="enter.2"] > details').getAttribute('open')).toBe('');
  });

  test('of the host shows its undo', async () => {
    await open('page', {}, '#step=1');
    await page.locator('[data-at="before.0"] summary').click();
    expect(await page.locator('[data-at="before.0"] pre').textContent()).toContain('rmdir /sys/fs/cgroup/boxstep/web');
  });
});

test('all of it works by keyboard alone', async () => {
  await open('page', {}, '#step=3');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowLeft');
  expect(await news()).toContain('From step 3 to step 2');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  expect(await news()).toContain('With --hostname db: 2 change.');
  await page.locator('[data-at="before.0"] summary').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect(await page.locator('[data-at="before.1"] > details').getAttribute('open')).toBe('');
  await page.keyboard.press('End');
  expect(await page.evaluate(() => document.activeElement?.closest('[data-stage]')?.getAttribute('data-stage'))).toBe(
    'after',
  );
});

test('a change is said to those who do not see it', async () => {
  await open('page');
  expect(await page.locator('.explorer-news').getAttribute('role')).toBe('status');
  expect(await page.locator('.explorer-score').getAttribute('aria-hidden')).toBe('true');
});

test('in a lesson, what is new is new since the step before, whatever is switched', async () => {
  await open('lesson');
  await page.getByRole('checkbox', { name: '--pids-limit 20' }).uncheck();
  await page.getByRole('checkbox', { name: '--pids-limit 20' }).check();
  expect(
    await page
      .locator('.explorer-line[data-mark=new]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-step'))),
  ).toSatisfy((steps: string[]) => steps.length > 5 && steps.every((step) => step === '3'));
  expect(await news()).toContain('From step 2 to step 3');
  expect(page.url()).not.toContain('#');
});

test('without JavaScript it is the last step’s plan as a list, and no switches', async () => {
  await open('page', { javaScriptEnabled: false });
  expect(await page.getByRole('listitem').count()).toBeGreaterThan(60);
  expect(await page.locator('form').isVisible()).toBe(false);
  expect(await page.locator('noscript').textContent()).toContain('takes JavaScript');
});

describe('on 360 pixels', () => {
  test('nothing is wider than the screen, with every detail open', async () => {
    await open('page', { viewport: { width: 360, height: 800 } }, '#step=4&on=memory,tty,user,v1');
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });

  test('the lanes are one below the other', async () => {
    await open('page', { viewport: { width: 360, height: 800 } });
    const host = await page.locator('[data-stage=clone]').boundingBox();
    const child = await page.locator('[data-stage=born]').boundingBox();
    expect(child?.x).toBe(host?.x);
    expect(child?.y).toBeGreaterThan(host?.y ?? 0);
  });
});

describe('axe finds nothing wrong', () => {
  test.each([
    ['in the light', 'page', {}],
    ['in the dark', 'page', { colorScheme: 'dark' }],
    ['on a narrow screen', 'page', { viewport: { width: 360, height: 800 } }],
    ['in a lesson', 'lesson', {}],
  ] as const)('%s', async (_, which, options) => {
    await open(which, options, which === 'page' ? '#step=4&on=memory' : '');
    await page.getByRole('checkbox', { name: '--pids-limit 20' }).check();
    for (const run of await page.locator('.explorer-run > details > summary').all()) await run.click();
    for (const at of ['before.0', 'inside.3', 'exec.1']) {
      await page.locator(`[data-at="${at}"] > details > summary`).click();
    }
    await page.locator('[data-at="inside.3"] .explorer-record summary').click();
    expect(await violations(page)).toEqual([]);
  });
});
