import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { happened, makeDirectories, makeDirectory, readState, Spoiled, state, unlessSpoiled } from 'step-06';
import type { DriverOptions } from './device.ts';

/** A volume, as its file says. */
export interface Volume {
  readonly name: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Did nobody give it a name? Then it goes with the last container that uses it. */
  readonly anonymous: boolean;
  /** What is mounted on it when a container uses it. */
  readonly options?: DriverOptions;
}

/** Where the volumes of this root are: each a directory with its name. */
export function volumesDirectory(): string {
  return join(state().data, 'volumes');
}

/** What a container sees of a volume. */
export function dataOf(directory: string, name: string): string {
  return join(directory, name, '_data');
}

/**
 * A name that a volume may have, by docker's rule.
 *
 * @throws {Error} in docker's words
 */
export function volumeName(name: string): string {
  if (name.length === 1)
    throw new Error('volume name is too short, names should be at least two alphanumeric characters');
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) {
    throw new Error(
      `create ${name}: ${JSON.stringify(name)} includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path`,
    );
  }
  if (name.length > 255) throw new Error(`create ${name}: a name has at most 255 characters`);
  return name;
}

/** For a volume that nobody names, as docker's: 64 digits that nobody has had before. */
export function randomName(): string {
  return process.getBuiltinModule('node:crypto').randomBytes(32).toString('hex');
}

/** The volume of a name; undefined if there is none. @throws {Spoiled} if its file says nothing */
export function volumeNamed(directory: string, name: string): Volume | undefined {
  const advice = `the volume's files are in ${dataOf(directory, name)}; "volume rm ${name}" removes them, too`;
  const said = readState<Omit<Volume, 'name'>>(
    join(directory, name, FILE),
    { createdAt: 'string', labels: 'object' },
    advice,
  );
  return said && { ...said, name };
}

/** The same, if its file is spoiled: as if it had no labels and options. */
export function volumeAnyhow(directory: string, name: string): Volume | undefined {
  try {
    return volumeNamed(directory, name);
  } catch (error) {
    if (!(error instanceof Spoiled)) throw error;
    return { name, createdAt: new Date(0).toISOString(), labels: {}, anonymous: false };
  }
}

/** All volumes, by name. */
export function volumes(directory: string): Volume[] {
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).filter((name) => !name.startsWith('.'));
  return names.sort().flatMap((name) => unlessSpoiled(() => volumeNamed(directory, name)) ?? []);
}

/**
 * Makes an empty volume unless there is one of that name. It is whole from the first moment that it can be seen.
 *
 * @returns whether it is new
 */
export function createVolume(
  directory: string,
  { name, labels, anonymous, options }: Omit<Volume, 'createdAt'>,
): boolean {
  if (volumeNamed(directory, volumeName(name))) return false;
  const making = scratch(directory);
  try {
    makeDirectory(join(making, '_data'), 0o755);
    writeFileSync(
      join(making, FILE),
      JSON.stringify({ createdAt: new Date().toISOString(), labels, anonymous, options }),
    );
    renameSync(making, join(directory, name));
    happened({ Type: 'volume', Action: 'create', id: name, attributes: { driver: 'local' } });
    return true;
  } catch (error) {
    if (volumeNamed(directory, name)) return false; // another was faster
    throw error;
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

const FILE = 'volume.json';

/** A directory for what isn't finished. What is left of those that were killed is removed. */
export function scratch(directory: string): string {
  makeDirectories(directory, 0o711);
  for (const name of readdirSync(directory)) {
    const [, pid] = /^\.making-(\d+)-/.exec(name) ?? [];
    if (pid && !existsSync(`/proc/${pid}`)) rmSync(join(directory, name), { recursive: true, force: true });
  }
  return mkdtempSync(join(directory, `.making-${process.pid}-`));
}
