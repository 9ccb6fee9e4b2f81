import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { freeLastPages } from '../src/cgroups/last-pages.ts';

const cgroup = mkdtempSync(join(tmpdir(), 'cgroup-'));
afterAll(() => rmSync(cgroup, { recursive: true }));
afterEach(() => {
  for (const name of readdirSync(cgroup)) rmSync(join(cgroup, name));
});

const write = (name: string, text: string) => writeFileSync(join(cgroup, name), text);
const told = (name: string) => readFileSync(join(cgroup, name), 'utf8');

test.each([
  ['v1', 'memory.usage_in_bytes', 'memory.force_empty', '0'],
  ['v2', 'memory.current', 'memory.reclaim', '1048576'],
])('few pages of a cgroup of %s are freed, and many, which are files, are kept', (_, used, free, text) => {
  write(free, '');
  write(used, '104857600\n');
  freeLastPages(cgroup, false);
  expect(told(free)).toBe('');
  write(used, '8192\n');
  freeLastPages(cgroup, false);
  expect(told(free)).toBe(text);
});

test('a kernel that would wait where a page is in use is not asked to free it', () => {
  write('memory.force_empty', '');
  write('memory.usage_in_bytes', '8192\n');
  freeLastPages(cgroup, true);
  expect(told('memory.force_empty')).toBe('');
});

test('a cgroup of another controller, and one that is gone, have no pages', () => {
  freeLastPages(cgroup);
  freeLastPages(join(cgroup, 'gone'));
  expect(readdirSync(cgroup)).toEqual([]);
});
