import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hierarchy } from 'step-05';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assertNotPaused } from '../src/exec/paused.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'boxstep-paused-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function isRefused(version: 1 | 2, files: Readonly<Record<string, string>>): boolean {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  try {
    assertNotPaused('web', [{ directory, hierarchy: { version } as Hierarchy }]);
    return false;
  } catch {
    return true;
  }
}

test.each<[string, 1 | 2, Record<string, string>, boolean]>([
  ['runs', 2, { 'cgroup.freeze': '0\n', 'cgroup.events': 'populated 1\nfrozen 0\n' }, false],
  ['is being frozen', 2, { 'cgroup.freeze': '1\n', 'cgroup.events': 'populated 1\nfrozen 0\n' }, true],
  ['is in another that is frozen', 2, { 'cgroup.freeze': '0\n', 'cgroup.events': 'populated 1\nfrozen 1\n' }, true],
  ['has no freezer', 2, {}, false],
  ['runs', 1, { 'freezer.state': 'THAWED\n' }, false],
  ['is being frozen', 1, { 'freezer.state': 'FREEZING\n' }, true],
])('a container whose cgroup %s, of version %i: %j', (_, version, files, refused) => {
  expect(isRefused(version, files)).toBe(refused);
});
