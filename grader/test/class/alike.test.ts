import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chdir, chroot, mkdir, mount, setdomainname, sethostname, umask } from 'shared-native';
import { afterAll, describe, expect, test } from 'vitest';
import { alike } from '../../src/class/alike/alike.ts';
import { independent } from '../../src/class/alike/independent.ts';
import { exportForJPlag } from '../../src/class/alike/jplag.ts';
import { normal } from '../../src/class/alike/normal.ts';
import { alikePage } from '../../src/class/alike/page.ts';
import { readStep } from '../../src/step/step.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxstep-alike-'));
afterAll(() => rmSync(folder, { recursive: true }));
const step = readStep(3);

const LOOP = `
  const parts = text.split(':');
  let total = 0;
  for (const part of parts) {
    if (part === '') continue; // nothing
    total += Number(part) * UNITS[part.length];
  }
  return Math.floor(total / 1000) + parts.length;`;
const RENAMED = `
  const p: string[] = text.split(":");
  let sum = (0);
  for (const x of p) { if (x === '') continue; sum += Number(x) * UNITS[x.length]; }
  return Math.floor(sum / 1000) + p.length;`;
const OTHER = `
  return text.split(':').filter((part) => part !== '').reduce((sum, part) => sum + UNITS[part.length] * Number(part), 0) >>> 2;`;

describe('code is the same, for whom compares it,', () => {
  test('whatever its names, spaces, quotes, types and comments are', () => {
    expect(normal(RENAMED)).toEqual(normal(LOOP));
    expect(normal(OTHER)).not.toEqual(normal(LOOP));
  });

  test('but not where another number, operator or function stands', () => {
    for (const [from, to] of [
      ['1000', '1001'],
      ['+=', '-='],
      ['floor', 'ceil'],
      ['UNITS', 'OTHERS'],
    ] as const)
      expect(normal(LOOP.replace(from, to))).not.toEqual(normal(LOOP));
  });

  test('whatever the order of independent calls is, and of no others', () => {
    const list = (...calls: string[]) => normal(`return [${calls.join(', ')}];`);
    const [host, domain, mask, change, root] = [
      'sethostname(name)',
      "setdomainname('d')",
      'umask(0o22)',
      'chdir(rootfs)',
      "chroot('.')",
    ];
    expect(list(host, domain, mask)).toEqual(list(mask, host, domain));
    expect(list(host, change, root)).toEqual(list(change, root, host));
    expect(list(change, root)).not.toEqual(list(root, change));
    expect(list(host, "sethostname('other')")).not.toEqual(list("sethostname('other')", host));
  });

  test('not where it can’t be parsed', () => {
    expect(normal('return (((')).toBeUndefined();
  });
});

test('the model of the kernel says which calls are independent', () => {
  expect(independent(sethostname('a'), setdomainname('b'))).toBe(true);
  expect(independent(sethostname('a'), sethostname('b'))).toBe(false);
  expect(independent(chdir('/made/a'), umask(0o22))).toBe(true);
  expect(independent(umask(0o77), mkdir('/made/x', 0o777))).toBe(false);
  expect(independent(chdir('/made/a'), chroot('.'))).toBe(false);
  expect(independent(mount('proc', '/made/p', 'proc', 0, null), mount('tmpfs', '/made/t', 'tmpfs', 0, null))).toBe(
    true,
  );
  expect(independent(mount('a', '/made/p', 'tmpfs', 0, null), mount('b', '/made/p', 'tmpfs', 0, null))).toBe(false);
});

const work = (who: string, text: string, earlier?: string) => ({
  who,
  code: { 1: { file: 'src/x.ts', from: 1, text } },
  ...(earlier !== undefined && { earlier }),
});

describe('pairs', () => {
  test('that are the same come before those that are nearly so, and others not at all', () => {
    const nearly = LOOP.replace('total += ', 'if (total > 9) break;\n total += ');
    const found = alike([work('ann', LOOP), work('ben', RENAMED), work('cid', nearly), work('dee', OTHER)], [1], {
      least: 0.6,
    });
    expect(found.map(({ one, other, share }) => [one.who, other.who, share === 1])).toEqual([
      ['ann', 'ben', true],
      ['ann', 'cid', false],
      ['ben', 'cid', false],
    ]);
  });

  test('of which many have the same say nothing, nor does what is short', () => {
    const class_ = Array.from({ length: 30 }, (_, at) => work(`s${at}`, LOOP));
    expect(alike(class_, [1])).toEqual([]);
    expect(alike([work('ann', 'return 1;'), work('ben', 'return 1;')], [1])).toEqual([]);
  });

  test('are looked for in earlier classes, and not between two of those', () => {
    const found = alike([work('ann', LOOP), work('old', RENAMED, '2025'), work('older', LOOP, '2024')], [1]);
    expect(found.map(({ one, other }) => [one.who, other.who])).toEqual([
      ['ann', 'old'],
      ['ann', 'older'],
    ]);
  });

  test('stand side by side on a page that judges nobody and escapes everything', () => {
    const text = alikePage(step, alike([work('<b>', LOOP), work('ben', RENAMED)], [1]), 2);
    expect(text).toContain('&lt;b&gt;');
    expect(text).toContain('not why');
    expect(text).not.toMatch(/plagiari|cheat|guilt/i);
  });
});

test('JPlag gets a folder for each, the earlier ones apart, and what everybody was given', () => {
  const command = exportForJPlag(step, [work('../ann', LOOP), work('old', RENAMED, '2025')], join(folder, 'jplag'));
  expect(readFileSync(join(folder, 'jplag/new/__ann/task-1.ts'), 'utf8')).toContain('total += Number(part)');
  expect(existsSync(join(folder, 'jplag/old/2025 old/task-1.ts'))).toBe(true);
  expect(existsSync(join(folder, 'jplag/base/src-sizes.ts'))).toBe(true);
  expect(command).toMatch(/-l typescript -bc '.*base' -new '.*new' -old '.*old'$/);
});
