import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watch } from '../src/watch.ts';

let folder: string;
let seen: string[];
let end: AbortController;
let watching: Promise<void>;

/** What each grading sees: the file's content, or that there is none. */
async function look(): Promise<void> {
  try {
    seen.push(readFileSync(join(folder, 'src/sizes.ts'), 'utf8'));
  } catch {
    seen.push('none');
  }
}

const save = (text: string, path = 'src/sizes.ts') => writeFileSync(join(folder, path), text);
const comes = (text: string) => expect.poll(() => seen.at(-1), { timeout: 20_000 }).toBe(text);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'boxstep-watch-'));
  mkdirSync(join(folder, 'src'));
  save('one');
  seen = [];
  end = new AbortController();
  watching = watch(folder, look, end.signal);
  await comes('one');
});

afterEach(async () => {
  end.abort();
  await watching;
  rmSync(folder, { recursive: true });
});

test('grades now, and again at each save', async () => {
  save('two');
  await comes('two');
  save('three');
  await comes('three');
});

test('goes on where the folder is another one of that name, as an editor or git makes it', async () => {
  renameSync(join(folder, 'src'), join(folder, 'src.old'));
  cpSync(join(folder, 'src.old'), join(folder, 'src'), { recursive: true });
  save('in the new folder');
  await comes('in the new folder');
  renameSync(join(folder, 'src'), join(folder, 'gone'));
  await comes('none');
  mkdirSync(join(folder, 'src'));
  save('back again');
  await comes('back again');
});

test('goes on where a file is replaced by another one of that name', async () => {
  save('written beside it', 'new');
  renameSync(join(folder, 'new'), join(folder, 'src/sizes.ts'));
  await comes('written beside it');
});

test('sees a file in a folder that is new', async () => {
  mkdirSync(join(folder, 'src/my'));
  const before = seen.length;
  save('helper', 'src/my/helper.ts');
  await expect.poll(() => seen.length, { timeout: 20_000 }).toBeGreaterThan(before);
});

test('stops what is under way when something is saved, and fails where that fails', async () => {
  const stopped: unknown[] = [];
  const failing = watch(
    folder,
    (signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => {
          stopped.push(signal.reason);
          if (stopped.length === 2) reject(new Error('it is broken'));
          else resolve();
        });
        setTimeout(() => save(`again ${stopped.length}`), 300);
      }),
    end.signal,
  );
  await expect(failing).rejects.toThrow('it is broken');
});
