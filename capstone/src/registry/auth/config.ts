import { mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Docker's config.json, as far as it's about registries. What else is in it stays. */
export interface DockerConfig {
  readonly auths?: Readonly<Record<string, Entry>>;
  /** The helper that keeps all passwords. */
  readonly credsStore?: string;
  /** Helpers by registry. */
  readonly credHelpers?: Readonly<Record<string, string>>;
}

export interface Entry {
  /** `user:password` in base64. */
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  /** What a token server takes in place of a password. */
  readonly identitytoken?: string;
  /** What the registry itself takes. */
  readonly registrytoken?: string;
}

export function configPath(env = process.env): string {
  return join(env.DOCKER_CONFIG || join(homedir(), '.docker'), 'config.json');
}

/** @throws {Error} if there is one that can't be read */
export function readConfig(path = configPath()): DockerConfig {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new Error(`${path} can't be read: ${(error as Error).message}`, { cause: error });
  }
}

/** Writes it aside and renames it, where it really is; only its owner can read it. */
export function writeConfig(config: DockerConfig, path = configPath()): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const place = realPath(path);
  const making = `${place}.${process.pid}`;
  writeFileSync(making, `${JSON.stringify(config, null, '\t')}`, { mode: 0o600, flag: 'wx' });
  renameSync(making, place);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** The entry of a server: by its name, or by an older one that is a URL of it. */
export function keyOf(server: string, entries: Readonly<Record<string, unknown>> = {}): string | undefined {
  if (Object.hasOwn(entries, server)) return server;
  return Object.keys(entries).find((key) => hostOf(key) === hostOf(server));
}

function hostOf(server: string): string {
  return server.replace(/^https?:\/\//, '').split('/', 1)[0] ?? '';
}
