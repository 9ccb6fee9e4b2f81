import { expect, test } from 'vitest';
import { major, makedev, minor } from '../src/index.ts';

test.each([
  [0, 0],
  [1, 3],
  [8, 255],
  [8, 256],
  [259, 4097],
  [4095, 1_048_575],
])('major and minor take makedev(%i, %i) apart again', (driver, device) => {
  const rdev = makedev(driver, device);
  expect([major(rdev), minor(rdev)]).toEqual([driver, device]);
});
