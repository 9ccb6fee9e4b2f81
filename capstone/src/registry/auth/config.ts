import { mkdirSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { parseFile, textIn } from '../json-file.ts';

const text = z.string().optional();

const ENTRY = z.looseObject({
  /** `user:password` in base64. */
  auth: text,
  username: text,
  password: text,
  /** What a token server takes in place of a password. */
  identitytoken: text,
  /** What the registry itself takes. */
  registrytoken: text,
});

/** Docker's config.json, as far as it's about registries. What else is in it stays. */
const CONFIG = z.looseObject({
  auths: z.record(z.string(), ENTRY).optional(),
  /** The helper that keeps all passwords. */
  credsStore: text,
  /** Helpers by registry. */
  credHelpers: z.record(z.string(), z.string()).optional(),
});

export type DockerConfig = z.infer<typeof CONFIG>;

export function configPath(env = process.env): string {
  return join(env.DOCKER_CONFIG || join(homedir(), '.docker'), 'config.json');
}

/** @throws {Error} if there is one that can't be read, or isn't as it must be */
export function readConfig(path = configPath()): DockerConfig {
  const written = textIn(path);
  return written === undefined ? {} : parseFile(CONFIG, path, written);
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
