import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { defaultRootfsPath } from 'step-10';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { boxstep, inRoot, shell } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { find, idsOfContainers } from '../src/containers/find.ts';
import { configPath } from '../src/containers/record.ts';
import { running, shellIn, stateOfNamed } from './typed.ts';

beforeEach(needs('root', 'overlay'));

afterAll(async () => {
  for (const id of idsOfContainers()) await boxstep('rm', '-f', '-v', id);
  await boxstep('prune');
});

test('export writes what the container sees of its image, and has written, without its mounts', async () => {
  await running('exported', '--tmpfs', '/scratch');
  await boxstep('exec', 'exported', 'sh', '-c', 'echo kept > /note; echo lost > /scratch/note; rm /bin/false');
  const archive = inRoot('exported.tar');
  for (const after of ['running', 'exited']) {
    expect(await boxstep('export', '-o', archive, 'exported')).toMatchObject({ exitCode: 0, all: '' });
    expect(stateOfNamed('exported').status).toBe(after);
    const names = execFileSync('tar', ['-tf', archive], { encoding: 'utf8' }).split('\n');
    expect(names).toEqual(expect.arrayContaining(['note', 'usr/bin/sh', 'scratch/']));
    expect(names.filter((name) => ['usr/bin/false', 'scratch/note'].includes(name))).toEqual([]);
    expect(execFileSync('tar', ['-xOf', archive, 'note'], { encoding: 'utf8' })).toBe('kept\n');
    await boxstep('stop', 'exported');
  }
});

/** Copies; what it says, and its exit status. */
async function cp(...args: string[]): Promise<[all: unknown, exitCode: number | undefined]> {
  const { all, exitCode } = await boxstep('cp', ...args);
  return [all, exitCode];
}

const DONE = ['', 0];

test('cp copies both ways, from and to a container that runs, and one that has ended', async () => {
  await running('copied', '--tmpfs', '/scratch', '-v', '/data');
  mkdirSync(inRoot('tree/below'), { recursive: true });
  writeFileSync(inRoot('tree/below/file'), 'from the host', { mode: 0o640 });
  expect(await cp(inRoot('tree'), 'copied:/scratch')).toEqual(DONE); // a mount of the container's
  expect(await cp('copied:/scratch/tree/.', inRoot('back'))).toEqual(DONE);
  expect(readFileSync(inRoot('back/below/file'), 'utf8')).toBe('from the host');
  expect(lstatSync(inRoot('back/below/file')).mode & 0o777).toBe(0o640);

  expect(await cp(inRoot('tree/below/file'), 'copied:/etc/hostname')).toEqual([
    expect.stringContaining('unlinkat /etc/hostname: device or resource busy'),
    1,
  ]);

  await boxstep('stop', 'copied');
  expect(await cp(inRoot('tree'), 'copied:/renamed')).toEqual(DONE);
  expect(await cp('copied:/renamed/below/file', inRoot('one'))).toEqual(DONE);
  expect(readFileSync(inRoot('one'), 'utf8')).toBe('from the host');
});

test('cp of a container that doesn’t run copies from and to its volumes and binds, even before its first start', async () => {
  mkdirSync(inRoot('bound/below'), { recursive: true });
  writeFileSync(inRoot('bound/note'), 'of the host');
  writeFileSync(inRoot('added'), 'added');
  symlinkSync('/bound/note', inRoot('bound/link'));
  const binds = [`${inRoot('bound')}:/bound`, `${inRoot('added')}:/deep/er:ro`, `${inRoot('added')}:/bin/by-link`];
  const mounts = ['-v', '/etc', ...binds.flatMap((bind) => ['-v', bind])];
  await shellIn(
    'create',
    ['--name', 'volumes', ...mounts],
    'cat /etc/added /deep/er; test -e /etc/passwd && echo filled',
  );
  const { id } = find('volumes');
  expect(await cp('volumes:/bin/by-link', inRoot('by-link'))).toEqual(DONE); // nothing was made in it yet, and /bin is a link
  expect(readdirSync(dirname(configPath(id)))).not.toContainEqual(expect.stringContaining('read-'));
  expect(await cp(inRoot('added'), 'volumes:/etc/added')).toEqual(DONE);
  expect(await cp(inRoot('added'), 'volumes:/bound/below')).toEqual(DONE);
  expect(readFileSync(inRoot('bound/below/added'), 'utf8')).toBe('added');
  expect(await cp('-L', 'volumes:/bound/link', inRoot('linked-note'))).toEqual(DONE);
  expect(readFileSync(inRoot('linked-note'), 'utf8')).toBe('of the host');
  expect(await cp(inRoot('added'), 'volumes:/deep/er')).toEqual([
    expect.stringContaining('unlinkat /deep/er: device or resource busy'),
    1,
  ]);
  expect((await boxstep('start', '-a', 'volumes')).stdout).toBe('addedaddedfilled');
  expect(await cp('volumes:/etc/added', inRoot('after'))).toEqual(DONE);
  await shellIn('create', ['--name', 'theirs', '--volumes-from', 'volumes'], 'true');
  expect(await cp('theirs:/etc/added', inRoot('theirs'))).toEqual(DONE); // neither of them runs
  expect(readFileSync(inRoot('theirs'), 'utf8')).toBe('added');
  expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(inRoot('bound'));
});

test('a volume that a copy goes to before the first start is filled from all layers of the image', async () => {
  writeFileSync(inRoot('three'), '');
  const run = './boxstep run --network none --name layers';
  const { stdout } = await shell(`{ ${run} ${defaultRootfsPath()} sh -c 'mkdir /data; touch /data/one'
    ./boxstep commit layers one; ./boxstep rm layers
    ${run} one touch /data/two /etc/passwd
    ./boxstep commit layers two; ./boxstep rm layers
    ./boxstep create --network none --name unfilled -v unfilled:/data two ls /data
    ./boxstep cp ${inRoot('three')} unfilled:/data/three; } >/dev/null
    ./boxstep start -a unfilled
    { ./boxstep rm unfilled; ./boxstep volume rm unfilled; ./boxstep rmi two one; } >/dev/null`);
  expect(stdout.split('\n')).toEqual(['one', 'three', 'two']);
});

test('links of a container lead no copy out of it', async () => {
  await running('linked');
  mkdirSync(inRoot('outside'));
  writeFileSync(inRoot('secret'), 'of the host');
  const script = `ln -s ${inRoot('outside')} /out; ln -s ../../../../${inRoot('secret')} /read`;
  await boxstep('exec', 'linked', 'sh', '-c', script);
  for (const after of ['running', 'exited']) {
    expect(stateOfNamed('linked').status).toBe(after);
    expect((await cp(inRoot('secret'), 'linked:/out/stolen'))[1]).toBe(1);
    expect((await cp('-L', 'linked:/read', inRoot('stolen')))[1]).toBe(1);
    expect([existsSync(inRoot('outside/stolen')), existsSync(inRoot('stolen'))]).toEqual([false, false]);
    await boxstep('stop', 'linked');
  }
});

test('cp keeps owners with -a; else the copies are root’s', async () => {
  await shellIn('create', ['--name', 'owned'], 'stat -c %u:%g /a /b; chown 7:8 /a');
  execFileSync('install', ['-o', '5', '-g', '6', '/dev/null', inRoot('owned')]);
  expect(await cp('-a', inRoot('owned'), 'owned:/a')).toEqual(DONE);
  expect(await cp(inRoot('owned'), 'owned:/b')).toEqual(DONE);
  expect(await boxstep('start', '-a', 'owned')).toMatchObject({ stdout: '5:6\n0:0' });
  for (const [flags, uid, gid] of [
    [['-a'], 7, 8],
    [[], 0, 0],
  ] as const) {
    expect(await cp(...flags, 'owned:/a', inRoot('a'))).toEqual(DONE);
    expect(lstatSync(inRoot('a'))).toMatchObject({ uid, gid });
  }
});

test('cp gives files to the users of a container that has its own, whether it runs or not', async () => {
  await running('mapped', '--userns', 'auto', '-v', '/data');
  execFileSync('install', ['-o', '5', '-g', '6', '/dev/null', inRoot('mapped')]);
  execFileSync('install', ['-o', '1000000', '/dev/null', inRoot('nobodys')]);
  mkdirSync(inRoot('mapped-tree/below'), { recursive: true });
  expect(await cp(inRoot('mapped-tree'), 'mapped:/etc/run')).toEqual(DONE);
  expect(await cp('-a', inRoot('mapped'), 'mapped:/data/run')).toEqual(DONE);
  expect(await boxstep('exec', 'mapped', 'stat', '-c', '%u:%g', '/data/run')).toMatchObject({ all: '5:6' });
  await boxstep('stop', '-t', '0', 'mapped');
  expect(await cp(inRoot('mapped'), 'mapped:/etc/ended')).toEqual(DONE);
  expect(await cp('-a', inRoot('mapped'), 'mapped:/etc/ended-a')).toEqual(DONE);
  await boxstep('start', 'mapped');
  const files = ['/etc', '/etc/run/below', '/etc/ended', '/etc/ended-a'];
  const { stdout } = await boxstep('exec', 'mapped', 'stat', '-c', '%u:%g', ...files);
  expect(stdout.split('\n')).toEqual(['0:0', '0:0', '0:0', '5:6']);
  expect(await cp('-a', inRoot('nobodys'), 'mapped:/')).toEqual([
    expect.stringContaining('Container ID 1000000 cannot be mapped to a host ID'),
    1,
  ]);
  expect(await cp('-a', 'mapped:/etc/ended-a', inRoot('out'))).toEqual(DONE);
  expect(lstatSync(inRoot('out'))).toMatchObject({ uid: 5, gid: 6 });
});

test('cp answers in docker’s words', async () => {
  await shellIn('create', ['--name', 'asked'], 'true');
  mkdirSync(inRoot('full/etc'), { recursive: true });
  symlinkSync('nowhere', inRoot('dangling'));
  const cases = [
    ['a', 'b', 'must specify at least one container source'],
    ['asked:a', 'asked:b', 'copying between containers is not supported'],
    ['asked:/no', '.', 'Could not find the file /no in container asked'],
    ['asked:/etc', inRoot('no/where'), `invalid output path: directory "${inRoot('no')}" does not exist`],
    [inRoot('no'), 'asked:/', `lstat ${inRoot('no')}: no such file or directory`],
    [inRoot('full'), 'asked:/etc/passwd', 'cannot copy directory'],
    [inRoot('dangling'), 'asked:/unmade/', 'no such directory'],
    [inRoot('dangling'), 'asked:/no/new', 'Could not find the file /no in container asked'],
    ['asked:/etc/passwd', inRoot('full/etc/..'), ''],
    ['asked:/etc/passwd/', inRoot('full'), 'not a directory'],
    ['-', 'asked:/etc/passwd', 'destination "asked:/etc/passwd" must be a directory'],
  ] as const;
  for (const [from, to, says] of cases)
    expect([from, to, ...(await cp(from, to))]).toEqual([from, to, expect.stringContaining(says), says === '' ? 0 : 1]);
  const { stdout } = await shell(
    './boxstep cp asked:/etc/passwd - | ./boxstep cp - asked:/tmp && ./boxstep cp asked:/tmp/passwd - | tar -t',
  );
  expect(stdout).toBe('passwd');
});
