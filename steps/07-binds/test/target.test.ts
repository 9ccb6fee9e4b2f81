import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { resolveInside } from 'step-06';
import { afterAll, describe, expect, test } from 'vitest';
import { targetIn } from '../src/target.ts';
import paths from './cases/paths.json' with { type: 'json' };

const folder = mkdtempSync(join(tmpdir(), 'boxstep-target-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A root with these entries: `a -> b` is a link, `d/` a directory, `f` a file. */
function rootWith(entries: readonly string[]): string {
  const root = mkdtempSync(join(folder, 'root-'));
  for (const entry of entries) {
    const [path = '', target] = entry.split(' -> ');
    mkdirSync(join(root, dirname(path)), { recursive: true });
    if (target !== undefined) symlinkSync(target, join(root, path));
    else if (path.endsWith('/')) mkdirSync(join(root, path), { recursive: true });
    else writeFileSync(join(root, path), '');
  }
  return root;
}

describe.each(paths.SecureJoin)('a path is resolved in a root as docker does it: $tree', ({ tree, paths: all }) => {
  const root = rootWith(tree);
  test.each(Object.entries(all))('%j is %j', (path, expected) => {
    if (expected === null) expect(() => resolveInside(root, path)).toThrow('in a circle');
    else expect(resolveInside(root, path)).toBe(join('/', expected));
  });
});

test('nothing is mounted in /proc, however the image calls it, but what lxcfs puts there', () => {
  const root = rootWith(['p -> /proc', 'q -> p/self']);
  for (const path of ['/proc', '/proc/1/attr', '/p', '/p/sys', '/q']) {
    expect(() => targetIn(root, path), path).toThrow('cannot be mounted because it is inside /proc');
  }
  expect(targetIn(root, '/p/meminfo')).toBe('/proc/meminfo');
  expect(targetIn(root, '/procedures')).toBe('/procedures');
});
