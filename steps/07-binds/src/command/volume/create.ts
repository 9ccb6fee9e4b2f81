import { put } from 'step-06';
import { driverOptions } from '../../volumes/device.ts';
import { createVolume, randomName, volumesDirectory } from '../../volumes/store.ts';

interface CreateFlags {
  readonly label?: Record<string, string>;
  readonly driver?: string;
  readonly opt?: readonly string[];
}

/** Makes a volume, and says what it is called. */
export function create({ label = {}, driver = 'local', opt = [] }: CreateFlags, name?: string): number {
  const anonymous = name === undefined || name === '';
  const called = anonymous ? randomName() : name;
  assertLocal(called, driver);
  const options = driverOptions(called, opt);
  const asks = Object.keys(options).length > 0;
  createVolume(volumesDirectory(), { name: called, anonymous, labels: label, ...(asks && { options }) });
  put(`${called}\n`);
  return 0;
}

/** @throws {Error} in docker's words, if a name is given in both ways */
export function soleName(name: string | undefined, flag: string | undefined): string | undefined {
  if (name === undefined || flag === undefined) return name ?? flag;
  throw new Error('conflicting options: cannot specify a volume-name through both --name and as a positional arg');
}

/** @throws {Error} in docker's words, for another driver */
function assertLocal(name: string, driver: string): void {
  if (driver === 'local') return;
  throw new Error(
    `create ${name}: error looking up volume plugin ${driver}: plugin ${JSON.stringify(driver)} not found\nThe only driver of volumes here is "local"`,
  );
}
