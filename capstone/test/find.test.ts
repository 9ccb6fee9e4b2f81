import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { containerPath } from 'step-10';
import { afterEach, expect, test } from 'vitest';
import { find, NoSuchContainer } from '../src/containers/find.ts';
import { configPath } from '../src/containers/record.ts';

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
