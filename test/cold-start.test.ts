import {
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { REPOSITORY } from './boxstep.ts';
import { smallClone, wordsIn } from './cold-start.ts';

const SOURCE = 'steps/01-small/src/greeting.ts';

describe('a start', () => {
  test('is from the cache, the first one too', async () => {
    const { boxstep } = smallClone();
    expect((await boxstep()).all).toBe('hello from the cache');
    expect((await boxstep()).all).toBe('hello from the cache');
  });

  test('is as if Node had been started on main.ts', async () => {
    const { boxstep, folder } = smallClone();
    const src = join(folder, 'steps/01-small/src');
    const { all } = await boxstep(['where', '--', '-x', ''], { cwd: '/' });
    expect(JSON.parse(all.split('\n')[1] ?? '')).toEqual({
      url: pathToFileURL(join(src, 'where.ts')).href,
      dirname: src,
      cwd: '/',
      argv: [join(src, 'main.ts'), 'where', '--', '-x', ''],
    });
  });

  test('is from source for somebody who gives Node options', async () => {
    const { boxstep } = smallClone();
    const env = { PATH: process.env.PATH ?? '', NODE_OPTIONS: '--stack-trace-limit=20' };
    expect((await boxstep([], { env })).all).toBe('hello from source');
  });

  test('is from source where the packages for development are not installed', async () => {
    const { boxstep, folder } = smallClone();
    rmSync(join(folder, 'node_modules/esbuild'));
    expect((await boxstep()).all).toBe('hello from source');
  });

  test('finds a package when it is needed', async () => {
    const { boxstep, cache } = smallClone();
    expect((await boxstep(['package'])).all).toBe('hello from the cache\na parcel');
    expect(readdirSync(dirname(cache))).toContain('node_modules+parcel+parcel.js');
  });

  test('keeps what was compiled for each command, once, and not of one that failed', async () => {
    const { boxstep, cache } = smallClone();
    for (const word of ['run', 'fails', 'plan', 'run']) await boxstep([word]);
    expect(wordsIn(cache)).toEqual(['run', 'plan']);
    const { ino } = statSync(cache);
    await boxstep(['plan']);
    expect(statSync(cache).ino).toBe(ino);
  });

  test('kept what was compiled for the first command alone, when all had the same flag before them', async () => {
    const { boxstep, cache } = smallClone();
    for (const word of ['create', 'start']) await boxstep(['--debug', word]);
    expect(wordsIn(cache)).toEqual(['create', 'start']);
  });
});

test.each([
  ['steps/01-namespaces', ['plan', 'true'], 'plan'],
  ['steps/10-capabilities', ['image', 'ls'], 'image ls'],
  ['capstone', ['image', 'ls'], 'image ls'],
  ['capstone', ['volume', 'ls'], 'volume ls'],
  ['capstone/src/oci', ['features'], 'oci features'],
  ['capstone/src/clean-up', ['0123456789ab'], 'clean-up'],
  ['capstone/src/health', ['0123456789ab'], 'health'],
  ['capstone/src/log/json-file', ['0123456789ab'], 'json-file'],
])('%s says which command it carried out, %j, not its flag or id', async (where, words, command) => {
  const main = join(REPOSITORY, where.includes('/src/') ? where : `${where}/src`, 'main.ts');
  const script = `const its = require('${main}'); process.on('exit', () => process.stderr.write('command: ' + its.command));`;
  const root = mkdtempSync(join(tmpdir(), 'boxstep-cold-start-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const argv = ['--eval', script, '--', main, '--root', root, ...words];
  const { stderr } = await execa(process.execPath, argv, { cwd: REPOSITORY, reject: false });
  expect(stderr).toMatch(new RegExp(`command: ${command}$`));
});

test('every program can be bundled, or it would start slowly without a word', async () => {
  const mains = globSync('{steps/*/src,capstone/src/**}/main.ts', { cwd: REPOSITORY });
  expect(mains.length).toBeGreaterThan(3);
  const bundler = join(REPOSITORY, 'scripts/cold-start/bundle.mjs');
  const { stderr } = await execa(process.execPath, [bundler, ...mains], { cwd: REPOSITORY, reject: false });
  expect(stderr).toBe('');
});

describe('after a change of the sources', () => {
  test('the next start is of what they are now', async () => {
    const { boxstep, folder, write } = smallClone();
    await boxstep();
    const text = readFileSync(join(folder, SOURCE), 'utf8');
    for (const word of ['first', 'later']) {
      write(SOURCE, text.replace('hello', word));
      expect((await boxstep()).all).toBe(`${word} from the cache`);
    }
  });

  test('of the same length, put back to the same time', async () => {
    const { boxstep, folder, write } = smallClone();
    await boxstep();
    const { atime, mtime } = statSync(join(folder, SOURCE));
    write(SOURCE, readFileSync(join(folder, SOURCE), 'utf8').replace('hello', 'jello'));
    utimesSync(join(folder, SOURCE), atime, mtime);
    expect((await boxstep()).all).toBe('jello from the cache');
  });

  test('of package.json, which says what a package is', async () => {
    const { boxstep, write } = smallClone();
    await boxstep(['package']);
    write('node_modules/parcel/other.js', 'export const inside = () => "another parcel";\n');
    write('node_modules/parcel/package.json', '{ "type": "module", "exports": "./other.js" }');
    expect((await boxstep(['package'])).all).toContain('another parcel');
  });

  test('Node says what is wrong with them', async () => {
    const { boxstep, folder, write } = smallClone();
    await boxstep();
    const text = readFileSync(join(folder, SOURCE), 'utf8');
    write(SOURCE, `${text}\nconst = 1;\n`);
    const { all, exitCode } = await boxstep();
    expect(exitCode).toBe(1);
    expect(all).toContain(`${SOURCE}:10`);
    write(SOURCE, text);
    expect((await boxstep()).all).toBe('hello from the cache');
  });

  test('a file that is gone is missed', async () => {
    const { boxstep, folder } = smallClone();
    await boxstep();
    rmSync(join(folder, SOURCE));
    const { all, exitCode } = await boxstep();
    expect(exitCode).toBe(1);
    expect(all).toContain('greeting.ts');
  });

  test('any number of commands at once start, and leave one cache', async () => {
    const { boxstep, cache, folder, write } = smallClone();
    await boxstep();
    write(SOURCE, readFileSync(join(folder, SOURCE), 'utf8').replace('hello', 'again'));
    const all = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((word) => boxstep([word])));
    expect(all.map((one) => one.all)).toEqual(Array(6).fill('again from the cache'));
    expect(readdirSync(dirname(cache)).filter((name) => name.endsWith('.making'))).toEqual([]);
    expect((await boxstep(['a'])).all).toBe('again from the cache');
  });

  test('a clone that was moved knows where it is', async () => {
    const { boxstep, folder } = smallClone();
    await boxstep(['where']);
    const moved = `${folder}-moved`;
    renameSync(folder, moved);
    const { stdout } = await execa(join(moved, 'boxstep'), ['1', 'where']);
    renameSync(moved, folder);
    const [first, where = ''] = stdout.split('\n');
    expect(first).toBe('hello from the cache');
    expect(JSON.parse(where).dirname).toBe(join(moved, 'steps/01-small/src'));
  });
});

describe('a cache that is spoiled', () => {
  test('by being cut, somewhere, is made anew', async () => {
    const { boxstep, cache } = smallClone();
    await boxstep(['run']);
    for (const length of [0, 1, 500, 3000, -1]) {
      truncateSync(cache, length < 0 ? statSync(cache).size + length : length);
      expect((await boxstep(['run'])).all).toBe('hello from the cache');
      expect(wordsIn(cache)).toEqual(['run']);
    }
  });

  test('in one byte, anywhere, is made anew', async () => {
    const { boxstep, cache } = smallClone();
    await boxstep(['run']);
    for (const share of [0.001, 0.1, 0.3, 0.45, 0.6, 0.99]) {
      const bytes = readFileSync(cache);
      const at = Math.floor(bytes.length * share);
      bytes[at] = (bytes[at] ?? 0) ^ 0xff;
      writeFileSync(cache, bytes);
      expect((await boxstep(['run'])).all).toBe('hello from the cache');
      expect(readFileSync(cache).equals(bytes)).toBe(false);
    }
  });

  test('full of zeros is made anew', async () => {
    const { boxstep, cache } = smallClone();
    await boxstep(['run']);
    writeFileSync(cache, Buffer.alloc(statSync(cache).size));
    expect((await boxstep(['run'])).all).toBe('hello from the cache');
  });

  test('or that cannot be made is done without', async () => {
    const { boxstep, write } = smallClone();
    write('node_modules/.cache', 'no folder');
    expect((await boxstep()).all).toBe('hello from source');
  });
});

describe('an error that nobody catches', () => {
  test('shows the lines of the sources', async () => {
    const { boxstep, folder } = smallClone();
    for (let start = 0; start < 2; start++) {
      const { all, exitCode } = await boxstep(['throw']);
      expect(exitCode).toBe(1);
      expect(all).toContain('Error: thrown on line 6\n');
      expect(all).toContain(`at greeting (${join(folder, SOURCE)}:6:31)`);
      expect(all).toContain(`${join(folder, 'steps/01-small/src/main.ts')}:5:13`);
    }
  });
});
