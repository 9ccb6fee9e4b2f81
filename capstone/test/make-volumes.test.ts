import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createVolume, type Mount, volume, volumes } from 'step-10';
import { expect, test } from 'vitest';
import { inRoot } from '../../test/boxstep.ts';
import { withVolumes } from '../src/make-volumes.ts';

const mounts = (...asked: readonly string[]): Mount[] => asked.map(volume);

/** An empty place for volumes. */
function place(name: string): string {
  const directory = inRoot(name);
  mkdirSync(directory, { recursive: true });
  return directory;
}

test('volumes with and without a name are made, and others are left alone', () => {
  const volumesDirectory = place('made');
  const all = mounts('data:/a', '/b', '/etc:/c', 'data:/d');
  const seen = withVolumes({ mounts: all, volumesDirectory }, () => volumes(volumesDirectory));
  expect(seen.map(({ name, anonymous }) => [name.length, anonymous]).sort()).toEqual([
    [4, false],
    [64, true],
  ]);
  expect(volumes(volumesDirectory)).toHaveLength(2);
});

test('where what needs them fails, no new volume is left, and one that was there is', () => {
  const volumesDirectory = place('undone');
  createVolume(volumesDirectory, { name: 'old', labels: {}, anonymous: false });
  const fail = () => {
    throw new Error('no room');
  };
  expect(() => withVolumes({ mounts: mounts('old:/a', 'new:/b', '/c'), volumesDirectory }, fail)).toThrow('no room');
  expect(volumes(volumesDirectory).map(({ name }) => name)).toEqual(['old']);
});

test('where one can’t be made, none of the others is left, and nothing is done', () => {
  const volumesDirectory = place('spoiled');
  mkdirSync(join(volumesDirectory, 'bad'));
  writeFileSync(join(volumesDirectory, 'bad/volume.json'), '{');
  let isDone = false;
  const doing = () => {
    isDone = true;
  };
  expect(() => withVolumes({ mounts: mounts('good:/a', 'bad:/b'), volumesDirectory }, doing)).toThrow('volume rm bad');
  expect([isDone, readdirSync(volumesDirectory)]).toEqual([false, ['bad']]);
});
