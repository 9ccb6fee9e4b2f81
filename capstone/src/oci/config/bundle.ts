import { readFileSync, realpathSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { thisKernel } from 'step-10';
import { lacking, withCapabilities } from '../process/privileges.ts';
import { refuse } from './refuse.ts';
import { type Config, configShape, type Process, processShape } from './schema.ts';
import { parseJson, type Reader } from './shape.ts';

/** A directory with a config.json: what a client asks to run. */
export interface Bundle {
  /** Absolute. */
  readonly path: string;
  readonly config: Config;
  /** What it asks for and doesn't get, where the specification wants a warning instead of a failure. */
  readonly warnings: readonly string[];
  /** The directory that the container sees as `/`: absolute, without links. */
  readonly rootfs: string;
}

/**
 * Reads a bundle.
 *
 * @throws {Error} for a value of the wrong form, and for a setting that isn't supported
 */
export function readBundle(directory: string): Bundle {
  const path = resolve(directory);
  return bundleOf(readAs(configShape, join(path, 'config.json')), path);
}

/** The bundle in a directory, by what its config.json holds. @throws {Error} for a setting that isn't supported */
export function bundleOf(config: Config, path: string): Bundle {
  refuse(config);
  const { path: root } = config.root ?? { path: 'rootfs' };
  const isMapped = config.linux?.namespaces?.some(({ type }) => type === 'user') ?? false;
  const here = isMapped ? thisKernel().capabilities : thisKernel().passable;
  return {
    ...{ path, warnings: [...(config.process ? lacking(config.process, here) : []), ...ignored(config)] },
    config: config.process ? { ...config, process: withCapabilities(config.process, here) } : config,
    rootfs: realpathSync(isAbsolute(root) ? root : join(path, root)),
  };
}

/** The one limit that runtime-spec lets a runtime ignore: the kernel has none since Linux 5.16 (cgroup-v1/memory.rst). */
function ignored({ linux }: Config): string[] {
  const isAsked = Number(linux?.resources?.memory?.kernel ?? -1) > 0;
  return isAsked ? ['linux.resources.memory.kernel is ignored: there is none since Linux 5.16'] : [];
}

/** What `exec --process` names. */
export function readProcess(file: string): Process {
  return readAs(processShape, file);
}

/** A file of JSON, of a certain form. @throws {Error} that names the file, and the place in it */
export function readAs<T>(shape: Reader<T>, file: string): T {
  try {
    return shape(parseJson(readFileSync(file === '-' ? 0 : file, 'utf8')), '');
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}
