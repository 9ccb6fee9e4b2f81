import { execFileSync } from 'node:child_process';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { boxstep, inRoot } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { idsOfContainers } from '../src/containers/find.ts';
import { running, stateOfNamed } from './typed.ts';

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
