import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GAP, headerOf, LOST_AT, STDERR, STDOUT } from '../src/log/frames.ts';
import { startsOf } from '../src/log/starts.ts';
import { tail } from '../src/log/tail.ts';
import { framed, mark } from './framed.ts';
import { seeded, seedOf } from './storm/seeded.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'boxstep-tail-'));
  path = join(folder, 'log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A log's files, the oldest first. */
function write(files: readonly (readonly Buffer[])[]): void {
  for (const [nth, frames] of files.entries()) {
    const number = files.length - 1 - nth;
    writeFileSync(number === 0 ? path : `${path}.${number}`, Buffer.concat([headerOf(mark), ...frames]));
  }
}

/** As its writer notes that there was no room. */
function loseSomething(): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(16, 1), 0, 16, LOST_AT);
  closeSync(file);
}

const WHOLE = [{ begun: [] }];

/** The last lines by looking at places so near to the end, and by reading all, with what goes on after them. */
async function bothWays(number: number, goesOn: boolean, nearest: number) {
  const plain = async (starts: Parameters<typeof tail>[3]) => {
    const { last, made, end } = await tail(path, number, goesOn, starts);
    const all = [...last, ...made.begun()].map((one) => (one === GAP ? GAP : { ...one, bytes: String(one.bytes) }));
    return { all, end };
  };
  return [await plain(startsOf(path, nearest)), await plain(WHOLE)] as const;
}

test('the last lines are read near the end of a log, and no more', async () => {
  write([Array.from({ length: 100_000 }, (_, nth) => framed(STDOUT, `line ${nth}\n`))]);
  const [first] = startsOf(path);
  expect(first?.from?.byte).toBeGreaterThan(5_000_000);
  const { last } = await tail(path, 2, false);
  expect(last.map((one) => one !== GAP && String(one.bytes))).toEqual(['line 99998\n', 'line 99999\n']);
});

test('a line that another stream began long before is still one of the last', async () => {
  const lines = Array.from({ length: 20_000 }, (_, nth) => framed(STDOUT, `line ${nth}\n`));
  write([[framed(STDERR, 'is over\nbegun ', 7), framed(STDERR, 'once', 8), ...lines]]);
  const { last } = await tail(path, 2, false);
  const shown = last.map((one) => one !== GAP && [Number(one.time / 1_000_000_000n), String(one.bytes)]);
  expect(shown).toEqual([
    [1, 'line 19999\n'],
    [7, 'begun once'],
  ]);
});

// run --log-opt max-buffer-size=1m, where the container has made its pipe as large
test('the last lines are found also where a million are written at once', async () => {
  write([[framed(STDOUT, '\n'.repeat(1 << 20))]]);
  expect((await tail(path, 2, false)).last).toHaveLength(2);
});

test('the last lines of any log are the same, wherever one begins to read it', async () => {
  const seed = seedOf();
  const random = seeded(seed);
  const below = (end: number) => Math.floor(random() * end);
  const texts = ['one\n', 'two ', '\n', 'three\nfour', 'x'.repeat(9000), `${'y'.repeat(300)}\n`, ''];
  const anyFrame = (_: unknown, nth: number): Buffer => {
    const whole = framed(below(4) === 0 ? STDERR : STDOUT, texts[below(texts.length)] as string, nth);
    return below(15) === 0 ? whole.subarray(0, below(whole.length)) : whole; // a full disk cut it
  };
  for (let turn = 0; turn < 40; turn++) {
    write(Array.from({ length: 1 + below(3) }, () => Array.from({ length: below(60) }, anyFrame)));
    if (below(5) === 0) loseSomething();
    for (const number of [0, 1, 5, 40, 1000])
      for (const goesOn of [true, false]) {
        const [near, whole] = await bothWays(number, goesOn, 1 + below(3000));
        expect(near, `turn ${turn}, --tail ${number}, BOXSTEP_SEED=${seed}`).toEqual(whole);
      }
    rmSync(folder, { recursive: true });
    folder = mkdtempSync(join(tmpdir(), 'boxstep-tail-'));
    path = join(folder, 'log');
  }
});
