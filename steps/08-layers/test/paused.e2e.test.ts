import { mkdirSync, rmdirSync } from 'node:fs';
import { cgroupPath, findHierarchies, type Hierarchy, openJournal } from 'step-07';
import { beforeEach, expect, test } from 'vitest';
import { needs } from '../../../test/needs.ts';
import { isRunning, whilePaused } from '../src/command/container.ts';

beforeEach(needs('root'));

test('a container that has just ended, and some of whose cgroups are gone, is read without a pause', async () => {
  const hierarchies = findHierarchies().filter(
    ({ version, controllers }) => version === 2 || controllers.includes('pids'),
  );
  const cgroup = cgroupPath(hierarchies.at(-1) as Hierarchy, 'ending');
  const journal = openJournal('ending');
  mkdirSync(cgroup, { recursive: true });
  try {
    expect(isRunning('ending')).toBe(true); // its clean-up hasn't come to an end
    expect(await whilePaused('ending', async () => 'read')).toBe('read');
  } finally {
    rmdirSync(cgroup);
    journal?.discard();
  }
});
