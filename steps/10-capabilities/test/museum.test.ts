import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXHIBITS } from './museum/exhibits.ts';

/** The page's head. The page is written by `npx vitest run --project unit steps/10-capabilities/test/museum.test.ts -u`. */
const HEAD = `# The escape museum

Ways out of a container that others have found. Each works where “Open” says, is closed in this step, and works again with the
flags that “Open again” names: [museum.e2e.test.ts](../museum.e2e.test.ts) tries it all. Nothing of the machine is changed: a
file of the kernel’s is opened for writing, but nothing is written; sockets, keys, processes and files are the test’s own
([attempt.c](attempt.c)). This page is made from [exhibits.ts](exhibits.ts).

“Closed” means in a container with this step’s defaults and, unless “Open again” says otherwise, also with \`--userns host\`, where
root inside is root outside, as in docker by default.`;

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

test('the museum’s page lists what its tests show', async () => {
  const parts = EXHIBITS.map(({ name, what, source, where, wall, again }) =>
    [
      ...[`## ${name}`, '', `${capital(what)}.`, '', `- Open: ${where}`, `- Closed by: ${wall}`],
      ...(again ? [`- Open again: with \`${again}\``] : []),
      `- Source: ${source}`,
    ].join('\n'),
  );
  await expect(`${[HEAD, ...parts].join('\n\n')}\n`).toMatchFileSnapshot(join(import.meta.dirname, 'museum/README.md'));
});

test('there are twelve or more, each with a source and a wall', () => {
  expect(EXHIBITS.length).toBeGreaterThanOrEqual(12);
  expect(new Set(EXHIBITS.map(({ name }) => name)).size).toBe(EXHIBITS.length);
  for (const { name, source, wall, works, naive } of EXHIBITS)
    expect([name, source.length > 5, wall.length > 5, (works ?? naive) !== undefined]).toEqual([
      name,
      true,
      true,
      true,
    ]);
});
