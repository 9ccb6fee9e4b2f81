import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { needs } from '../../test/needs.ts';
import { violations } from './browser.ts';
import { stepperHarness } from './harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxstep-browser-'));
const file = join(folder, 'page.html');
let browser: Browser | undefined;
let page: Page;

beforeEach(needs('chromium'));
beforeAll(async () => writeFileSync(file, await stepperHarness()));
afterEach(async () => {
  await page?.context().close();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

async function open(options: BrowserContextOptions = {}): Promise<void> {
  browser ??= await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  page = await (await browser.newContext(options)).newPage();
  await page.goto(pathToFileURL(file).href);
}

const now = () => page.locator('.trampoline-now').textContent();
const touched = () => page.locator('.trampoline-record [data-touched] th').allTextContents();
const click = (name: string) => page.getByRole('button', { name }).click();

test('a step shows the instruction, the register that it changed and the field that it read', async () => {
  await open();
  await click('Step');
  await click('Step');
  expect(await now()).toBe('The record’s pointer to the cell of argument 1, pathname: "/tmp/box".');
  expect(await page.locator('.trampoline-code [aria-current=step]').textContent()).toContain('mov rdi, [rdi]');
  expect(await page.locator('.trampoline-registers [data-touched] dt').allTextContents()).toEqual(['rdi']);
  expect(await touched()).toEqual(['pathname']);
});

test('the slider steps by the arrow keys, also back, and a call’s answer stands in its record', async () => {
  await open();
  await click('Next call');
  await click('Next call');
  const slider = page.getByRole('slider');
  await slider.press('ArrowRight');
  expect(await now()).toContain('The kernel makes openat(AT_FDCWD, "/tmp/box/hello"');
  await slider.press('ArrowRight');
  expect(await touched()).toEqual(['result']);
  expect(await page.locator('.trampoline-program [data-touched]').textContent()).toMatch(/^openat.* = 3$/);
  await slider.press('ArrowLeft');
  expect(await touched()).toEqual([]);
});

test('a call that fails leads to the end, with status 127', async () => {
  await open();
  await page.getByRole('radio', { name: 'can’t be made' }).check();
  await page.getByRole('slider').press('End');
  expect(await page.locator('.trampoline-program [aria-current=step]').textContent()).toBe('exit_group(127)');
  expect(await page.locator('.trampoline-registers').textContent()).toContain('rdi127');
});

test('it plays by itself, and stops at the end', async () => {
  await open();
  await page.clock.install();
  await click('Play');
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.clock.runFor(100_000);
  await page.getByRole('button', { name: 'Play' }).waitFor();
  expect(await page.locator('.trampoline-program [aria-current=step]').textContent()).toBe('exit_group(0)');
});

test('on 360 pixels nothing is wider than the screen, and axe finds nothing wrong', async () => {
  await open({ viewport: { width: 360, height: 800 } });
  await click('Next call');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  expect(await violations(page)).toEqual([]);
});
