import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { needs } from '../../../test/needs.ts';
import { slowness, tries } from '../../../test/slowness.ts';
import { places } from '../src/store/places.ts';
import { list } from '../src/store/record.ts';
import { archive } from './archives.ts';
import { dockerFiles, imageOf, layoutFiles, writeTar } from './images.ts';
import { hangUp, type } from './typed.ts';
import { wrongInStore } from './verify.ts';

beforeEach(needs('root', 'overlay', 'tar'));

const folder = mkdtempSync(join(tmpdir(), 'boxstep-store-killed-'));
afterAll(async () => {
  await hangUp();
  rmSync(folder, { recursive: true });
});

const file = (path: string) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)));

/** Does all that changes a store, again and again, in an order of its own, when it's told to. */
const EVERYTHING = (archives: readonly string[]) => `
  import { once } from 'node:events';
  import { commandStatus } from ${file('../../01-namespaces/src/command/main.ts')};
  import { step } from ${file('../src/index.ts')};
  const [one, several, root] = ${JSON.stringify(archives)};
  const lines = [
    ['load', '-q', '-i', one], ['load', '-q', '-i', several], ['import', root, 'c:root'], ['tag', 'a:1', 'b:2'],
    ['rm', 'a:1'], ['rm', '-f', 'b:2'], ['prune', '-f'], ['prune', '-a', '-f'], ['save', '-o', root + process.pid, 'a:1'],
    ['load', '-q', '-i', several], ['rm', 'c:root'], ['load', '-q', '-i', one],
  ];
  for (const name of ['load', 'import', 'tag', 'rm', 'prune', 'save']) await import(${file('../src/command/image/')} + name + '.ts');
  const told = once(process, 'message');
  process.send('ready');
  await told;
  for (;;) await commandStatus(step, ['image', ...lines[Math.floor(Math.random() * lines.length)]]);`;

function archives(): string[] {
  const entries = (word: string) =>
    Array.from({ length: 60 }, (_, n) => ({ path: `d${n % 7}/${word}${n}`, body: word.repeat(300 * n) }));
  const layers = ['one', 'two', 'three', 'four'].map((word) => archive(...entries(word)));
  const [a, b] = [imageOf({ layers }), imageOf({ layers: [...layers.slice(0, 2), archive({ path: '.wh.d1' })] })];
  return [
    writeTar(join(folder, 'one.tar'), layoutFiles([[a, 'a:1']])),
    writeTar(
      join(folder, 'several.tar'),
      dockerFiles([
        [a, 'a:1'],
        [b, 'a:2'],
      ]),
    ),
    writeTar(join(folder, 'root.tar'), new Map(), ...entries('root')),
  ];
}

test('whatever the store is doing when it is killed, all in it is whole', {
  tags: ['once'],
  timeout: tries(1_800_000) * slowness(),
}, async () => {
  const program = EVERYTHING(archives());
  const layers = new Map<string, string>();
  const start = () => {
    const child = execa(process.execPath, ['--input-type=module', '-e', program], {
      reject: false,
      stdio: 'ignore',
      ipc: true,
    });
    return { child, ready: child.getOneMessage() };
  };
  let next = start();
  for (let left = tries(100); left > 0; left--) {
    const { child, ready } = next;
    await ready;
    await child.sendMessage('go');
    if (left > 1) next = start(); // it loads its sources meanwhile
    await sleep(Math.random() * 1200 * slowness());
    child.kill('SIGKILL');
    await child;
    expect(wrongInStore(layers)).toEqual([]);
  }
  expect(layers.size).toBeGreaterThan(0); // it did something
  expect((await type('image', 'prune', '--all', '--force')).status).toBe(0);
  for (const place of ['blobs', 'ids', 'chains', 'names', 'making', 'unpacking'] as const)
    expect(list(places()[place])).toEqual([]);
  expect(list(places().layers)).toEqual(['.making']);
});
