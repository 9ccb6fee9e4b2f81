import { MS_BIND, MS_MANDLOCK, MS_NOATIME, MS_NODEV, MS_NOEXEC, MS_RDONLY, MS_REC, MS_SHARED } from 'shared-native';
import { describe, expect, test } from 'vitest';
import { deviceWords, driverOptions } from '../src/volumes/device.ts';

describe('the words of -o o= are mount(2)’s flags, and the filesystem gets the others', () => {
  test.each<[string, number, string]>([
    ['', 0, ''],
    ['ro,noexec,nodev', MS_RDONLY | MS_NOEXEC | MS_NODEV, ''],
    ['ro,rw', 0, ''],
    ['noatime,atime,diratime', 0, ''],
    ['noatime,norelatime,nostrictatime,nomand,async', MS_NOATIME, ''],
    ['mand', MS_MANDLOCK, ''],
    ['size=1m,defaults,mode=700', 0, 'size=1m,mode=700'],
    ['rbind', MS_BIND | MS_REC, ''],
    ['loud,bogus', 0, 'loud,bogus'],
  ])('%j', (o, flags, data) => {
    expect(deviceWords(o)).toEqual({ flags, propagation: [], data });
  });

  test('but for propagation, which takes a call of its own', () => {
    expect(deviceWords('bind,rshared')).toEqual({ flags: MS_BIND, propagation: [MS_REC | MS_SHARED], data: '' });
  });
});

test.each([
  ['size=10m', 'quota size requested but no quota support'],
  ['size=x', "invalid size: 'x'"],
  ['bad=1', 'invalid option: "bad"'],
  ['type=tmpfs', 'missing required option: "device"'],
])('-o %s: %s', (word, why) => {
  expect(() => driverOptions('data', [word])).toThrow(`create data: ${why}`);
});
