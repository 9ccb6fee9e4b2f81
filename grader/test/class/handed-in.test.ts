import { execFileSync } from 'node:child_process';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { create } from 'tar';
import { afterAll, describe, expect, test } from 'vitest';
import yazl from 'yazl';
import { handedIn } from '../../src/class/handed-in/handed-in.ts';
import { looseOf } from '../../src/class/handed-in/loose.ts';
import { readStep } from '../../src/step/step.ts';
import { readFiles } from '../../src/submission/files.ts';
import { write } from './made.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxstep-handed-in-'));
afterAll(() => rmSync(folder, { recursive: true }));
const step = readStep(3);

/** Writes a zip; a name is as long as it will be, and changed in the file: the library refuses bad ones. */
async function zip(path: string, files: Record<string, string | Buffer>, changed?: [string, string]): Promise<void> {
  const archive = new yazl.ZipFile();
  for (const [name, text] of Object.entries(files)) archive.addBuffer(Buffer.from(text), name);
  archive.end();
  mkdirSync(join(path, '..'), { recursive: true });
  await pipeline(archive.outputStream, createWriteStream(path));
  if (!changed) return;
  writeFileSync(path, readFileSync(path, 'latin1').replaceAll(changed[0], changed[1]), 'latin1');
}

const read = (name: string) => handedIn(step, join(folder, name), join(folder, 'scratch'));

async function text(name: string): Promise<unknown> {
  const [only] = (await read(name)).students;
  return only && (only.wrong ?? readFiles(step, only.directory).get('src/sizes.ts'));
}

describe('loose files of a download', () => {
  test.each([
    [
      'doejane_1234_5678_sizes.ts',
      { who: 'doejane_1234', file: 'sizes.ts', keys: [{ kind: 'canvas', value: '1234' }] },
    ],
    ['doejane_LATE_1234_5678_sizes.ts', { who: 'doejane_1234', file: 'sizes.ts', late: true }],
    ['de_la_cruz_LATE_1_2_my_file.ts', { who: 'de_la_cruz_1', file: 'my_file.ts', late: true }],
    ['LATE_anon_x7Kq2_5678_sizes.ts', { who: 'anon_x7Kq2', file: 'sizes.ts', late: true }],
    ['Zoë Lee_881_assignsubmission_file_a_b.ts', { who: 'Zoë Lee_881', file: 'a_b.ts' }],
    ['HW 3_jdoe_attempt_2026-11-20-23-59-01_sizes.ts', { file: 'sizes.ts', time: '2026-11-20T23:59:01' }],
  ])('%s says whose it is', (name, loose) => {
    expect(looseOf(name)).toMatchObject(loose);
  });

  test('are one student’s, and none vanishes without a word', async () => {
    for (const name of ['doejane_LATE_1_2_sizes.ts', 'doejane_LATE_1_3_cpus-1.ts', 'roejo_2_4_sizes.ts', 'mine.ts'])
      write(join(folder, 'loose', name), `// ${name}`);
    const { students, wrong } = await read('loose');
    expect(students).toMatchObject([{ student: 'doejane_1', late: true }, { student: 'roejo_2' }]);
    const files = readFiles(step, students[0]?.directory ?? ('' as never));
    expect(files.get('src/sizes.ts')).toBe('// doejane_LATE_1_2_sizes.ts');
    expect(files.get('src/cpus.ts')).toBe('// doejane_LATE_1_3_cpus-1.ts');
    expect(wrong).toEqual(['whose is it? mine.ts: the names don’t say']);
  });

  test('of which one came again count as the last', async () => {
    for (const version of ['', '-2', '-10'])
      write(join(folder, `again/x_1_${9}${version.slice(1)}_sizes${version}.ts`), version);
    expect(await text('again')).toBe('-10');
  });

  test('in a folder without src/, as Moodle and Gradescope give them, are found', async () => {
    write(join(folder, 'flat/Ann Lee_5_assignsubmission_file_/sizes.ts'), 'ann');
    expect(await text('flat')).toBe('ann');
  });
});

describe('an archive', () => {
  test('is read: zip and tar.gz, of a folder or of files, in a folder or beside them', async () => {
    await zip(join(folder, 'zips/ann/work.zip'), { 'step-03/src/sizes.ts': 'ann', 'step-03/node_modules/x.ts': 'x' });
    await zip(join(folder, 'zips/ben.zip'), { 'sizes.ts': 'ben' });
    await zip(join(folder, 'zips/cid_LATE_3_4_work.zip'), { 'src/sizes.ts': 'cid' });
    write(join(folder, 'tar/src/sizes.ts'), 'dee');
    await create({ file: join(folder, 'zips/dee.tar.gz'), gzip: true, cwd: join(folder, 'tar') }, ['src']);
    const { students } = await read('zips');
    const texts = students.map(({ student, wrong, directory }) => [
      student,
      wrong ?? readFiles(step, directory).get('src/sizes.ts'),
    ]);
    expect(texts).toEqual([
      ['ann', 'ann'],
      ['ben.zip', 'ben'],
      ['cid_3', 'cid'],
      ['dee.tar.gz', 'dee'],
    ]);
  });

  test('may hold the whole class, as a platform gives it', async () => {
    const files = {
      'assignment_7_export/submission_1/src/sizes.ts': 'ann',
      'assignment_7_export/submission_metadata.yml': 'submission_1: {":submitters": [{":name": Ann}]}',
    };
    await zip(join(folder, 'class.zip'), files);
    expect((await read('class.zip')).students).toMatchObject([{ student: 'submission_1', name: 'Ann' }]);
  });

  test.each([
    ['up', 'xx/xxxxxxx.ts', '../outside.ts'],
    ['absolute', 'x/outside.ts', '//outside.ts'],
    ['a drive', 'x/outside.ts', 'c:outside.tsx'.slice(0, 12)],
    ['backslashes', 'xx/outside.ts', '..\\outside.ts'],
  ])('whose name leads %s is refused whole', async (_, name, bad) => {
    await zip(join(folder, 'names/eve.zip'), { [name]: 'x' }, [name, bad]);
    expect(await text('names')).toMatch(/^eve\.zip .*(outside|relative|absolute)/);
    expect(existsSync(join(folder, 'outside.ts'))).toBe(false);
  });

  test('that is a bomb costs nothing: what isn’t wanted is stepped over, and what is has a limit', async () => {
    const zeros = Buffer.alloc(40 * 1024 ** 2);
    await zip(join(folder, 'bomb/ann.zip'), { 'src/sizes.ts': 'ann', 'video.mp4': zeros });
    expect(await text('bomb')).toBe('ann');
    await zip(join(folder, 'bomb/ann.zip'), { 'src/sizes.ts': zeros });
    expect(await text('bomb')).toBe('ann.zip contains src/sizes.ts, which is larger than 1 MiB');
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`src/${at}.ts`, Buffer.alloc(1024 ** 2)]));
    await zip(join(folder, 'bomb/ann.zip'), many);
    expect(await text('bomb')).toBe('ann.zip contains more than 16 MiB');
  });

  test('whose entry is larger than it says is refused', async () => {
    await zip(join(folder, 'lie/ann.zip'), { 'src/sizes.ts': 'x'.repeat(5000) });
    const bytes = readFileSync(join(folder, 'lie/ann.zip'));
    for (let at = bytes.indexOf('PK\x01\x02', 0, 'latin1'); at >= 0; at = -1) bytes.writeUInt32LE(100, at + 24);
    writeFileSync(join(folder, 'lie/ann.zip'), bytes);
    expect(await text('lie')).toMatch(/^ann\.zip /);
  });

  test('in tar that unpacks to gigabytes is stopped by what it says of its files', async () => {
    write(join(folder, 'big/x.ts'), '');
    await create({ file: join(folder, 'big.tar'), cwd: join(folder, 'big') }, ['x.ts']);
    const tar = readFileSync(join(folder, 'big.tar'));
    tar.write('77777777777\0', 124, 'latin1'); // a file of 8 GiB
    tar.write('        ', 148, 'latin1');
    const sum = tar.subarray(0, 512).reduce((all, byte) => all + byte, 0);
    tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    mkdirSync(join(folder, 'huge'), { recursive: true });
    writeFileSync(join(folder, 'huge/ann.tar.gz'), gzipSync(tar));
    expect(await text('huge')).toMatch(/^ann\.tar\.gz contains more than/);
  });

  test('with links in it brings none', async () => {
    mkdirSync(join(folder, 'links/src'), { recursive: true });
    symlinkSync(join(step.directory, 'src/sizes.ts'), join(folder, 'links/src/sizes.ts'));
    symlinkSync(step.directory, join(folder, 'links/deep'));
    await create({ file: join(folder, 'linked.tar'), cwd: join(folder, 'links') }, ['src', 'deep']);
    mkdirSync(join(folder, 'linked'));
    execFileSync('mv', [join(folder, 'linked.tar'), join(folder, 'linked/eve.tar')]);
    expect(await text('linked')).toContain('there is no');
  });

  test('that is none, or is cut short, is told of', async () => {
    write(join(folder, 'whole/src/sizes.ts'), 'x'.repeat(3000));
    await create({ file: join(folder, 'whole.tar'), cwd: join(folder, 'whole') }, ['src']);
    const tar = readFileSync(join(folder, 'whole.tar'));
    write(join(folder, 'broken/ann.zip'), 'PK\x03\x04 no');
    write(join(folder, 'broken/ben.tar.gz'), 'no');
    writeFileSync(join(folder, 'broken/cid.tar'), tar.subarray(0, 2048));
    writeFileSync(join(folder, 'broken/dee.tar.gz'), gzipSync(tar).subarray(0, 60));
    const changed = Buffer.from(tar);
    changed.write('9', 512 + 150, 'latin1'); // in the checksum of its second header
    writeFileSync(join(folder, 'broken/eve.tar'), changed);
    const { students } = await read('broken');
    expect(students.map(({ wrong }) => wrong)).toEqual([
      expect.stringMatching(/^ann\.zip /),
      expect.stringMatching(/^ben\.tar\.gz is damaged: /),
      expect.stringMatching(/^cid\.tar is damaged: /),
      expect.stringMatching(/^dee\.tar\.gz .*unexpected end/),
      expect.stringMatching(/^eve\.tar is damaged: /),
    ]);
  });
});

test('a clone says when its commit was made, and runs no program that its configuration names', async () => {
  const place = join(folder, 'clones/step-03-ann');
  write(join(place, 'src/sizes.ts'), 'ann');
  const env = { ...process.env, GIT_COMMITTER_DATE: '2026-11-20T23:00:00Z', GIT_AUTHOR_DATE: '2020-01-01T00:00:00Z' };
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', place, '-c', 'user.name=a', '-c', 'user.email=b', ...words], { env, stdio: 'pipe' });
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'all');
  git('config', 'core.fsmonitor', `touch ${join(folder, 'ran')}`);
  git('config', 'core.pager', `touch ${join(folder, 'ran')}`);
  expect((await read('clones')).students).toMatchObject([{ time: Date.parse('2026-11-20T23:00:00Z') }]);
  expect(existsSync(join(folder, 'ran'))).toBe(false);
});
