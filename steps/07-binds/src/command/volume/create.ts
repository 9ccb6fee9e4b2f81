import { put } from 'step-06';
import { type DriverOptions, driverOptions } from '../../volumes/device.ts';
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
  const options = localOptions(called, driver, opt);
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

/** What `-o` says. @throws {Error} in docker's words, also for another driver than local */
function localOptions(name: string, driver: string, words: readonly string[]): DriverOptions {
  const wrong = (why: string) => new Error(`create ${name}: ${why}`);
  if (driver !== 'local')
    throw wrong(
      `error looking up volume plugin ${driver}: plugin ${JSON.stringify(driver)} not found\nThe only driver of volumes here is "local"`,
    );
  try {
    return driverOptions(words);
  } catch (error) {
    throw wrong((error as Error).message);
  }
}
