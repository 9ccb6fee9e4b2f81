import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { containerPath, state } from 'step-10';
import { afterEach, expect, test } from 'vitest';
import { keepWritten } from '../../test/written.ts';
import { pruneLeftovers } from '../src/command/prune/leftovers.ts';
import { find, NoSuchContainer } from '../src/containers/find.ts';
import { takeName, whileNaming } from '../src/containers/names.ts';
import { configPath } from '../src/containers/record.ts';
import { namesIn } from '../src/if-there.ts';

const IDS = ['a0', 'a1', 'b0'].map((begin) => begin.padEnd(64, '7'));

afterEach(() => {
  for (const id of IDS) rmSync(containerPath(id), { recursive: true, force: true });
});

/** Containers whose records say no more than who they are. */
function made(): void {
  for (const [nth, id] of IDS.entries()) {
    mkdirSync(containerPath(id), { recursive: true });
    const record = { id, name: `name-${nth}`, created: nth, options: {}, run: { status: 'created' } };
    writeFileSync(configPath(id), JSON.stringify(record));
  }
}

test('a container is found by its id, the beginning of that if no other id begins so, or its name', () => {
  made();
  const [first, , last] = IDS;
  expect(find(first ?? '').name).toBe('name-0');
  expect(find('a0').id).toBe(first);
  expect(find('b').id).toBe(last);
  expect(find('/name-2').id).toBe(last);
  expect(() => find('a')).toThrow('multiple IDs found with provided prefix: a');
  expect(() => find('c')).toThrow(NoSuchContainer);
});

test('prune removes the name that a killed rename, create or rm has left, and no other', async () => {
  made();
  const [first = '', second = ''] = IDS;
  whileNaming(() => {
    takeName('name-0', first);
    takeName('renamed', first); // its record was to say so next
    takeName('never-made', ''.padEnd(64, 'f'));
    takeName('unreadable', second);
  });
  writeFileSync(configPath(second), '{');
  const { stderr } = await keepWritten(pruneLeftovers);
  expect(stderr).toContain(configPath(second));
  expect(namesIn(join(state().data, 'container-names'))).toEqual(['name-0', 'unreadable']);
  for (const name of ['name-0', 'unreadable']) rmSync(join(state().data, 'container-names', name));
});
