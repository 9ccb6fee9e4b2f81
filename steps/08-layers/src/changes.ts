import { posix } from 'node:path';
import type { ContainerConfig } from './store/image.ts';

type Change = (config: ContainerConfig, rest: string) => ContainerConfig;

const CHANGES: Readonly<Record<string, Change>> = {
  CMD: (config, rest) => ({ ...config, Cmd: commandOf(rest) }),
  ENTRYPOINT: (config, rest) => ({ ...config, Entrypoint: commandOf(rest) }),
  ENV: (config, rest) => ({ ...config, Env: withEnv(config.Env ?? [], assignments(rest)) }),
  EXPOSE: (config, rest) => ({ ...config, ExposedPorts: { ...config.ExposedPorts, ...keys(words(rest).map(portOf)) } }),
  LABEL: (config, rest) => ({ ...config, Labels: { ...config.Labels, ...Object.fromEntries(assignments(rest)) } }),
  STOPSIGNAL: (config, rest) => ({ ...config, StopSignal: one(rest) }),
  USER: (config, rest) => ({ ...config, User: one(rest) }),
  VOLUME: (config, rest) => ({ ...config, Volumes: { ...config.Volumes, ...keys(list(rest) ?? words(rest)) } }),
  WORKDIR: (config, rest) => ({ ...config, WorkingDir: posix.resolve(config.WorkingDir || '/', one(rest)) }),
};

/**
 * An image's config with changes, each as a line of a Dockerfile: `CMD ["sh"]`, `ENV A=1 B="2 3"`, `WORKDIR /srv`.
 *
 * @throws {Error} that quotes the line
 * @see {@link https://docs.docker.com/reference/dockerfile/ | Dockerfile reference}
 */
export function applyChanges(config: ContainerConfig, lines: readonly string[]): ContainerConfig {
  return lines.reduce((before, line) => {
    const [, name = '', rest = ''] = /^\s*(\S+)\s*(.*?)\s*$/s.exec(line) ?? [];
    const change = CHANGES[name.toUpperCase()];
    if (change === undefined)
      throw new Error(
        `${name.toUpperCase()} is not a valid change command\nThese are: ${Object.keys(CHANGES).join(', ')}`,
      );
    try {
      if (rest === '') throw new Error(`${name.toUpperCase()} needs a value`);
      return change(before, rest);
    } catch (error) {
      throw new Error(`the change ${JSON.stringify(line)} can't be made: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }, config);
}

/** `["a", "b"]` is a command as it is, anything else a line for a shell. */
function commandOf(text: string): string[] {
  return list(text) ?? ['/bin/sh', '-c', text];
}

/** A list in JSON; undefined for what is none. */
function list(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((word) => typeof word === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `A=1 B="2 3"`, or, as Dockerfiles once had it, `A 1`. @throws {Error} where one has no name, or no `=` */
function assignments(text: string): [string, string][] {
  const all = words(text);
  const [, name, value] = /^([^\s=]+)\s+(.*)$/s.exec(text) ?? [];
  if (name !== undefined && value !== undefined && !all[0]?.includes('=')) return [[name, value]];
  return all.map((word) => {
    const [key = ''] = word.split('=', 1);
    if (key === '' || !word.includes('=')) throw new Error(`${JSON.stringify(word)} is not of the form NAME=VALUE`);
    return [key, word.slice(key.length + 1)];
  });
}

/** The words of a line: quotes keep spaces, and a backslash what follows it. @throws {Error} for a quote that has no end */
function words(text: string): string[] {
  const found: string[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const [word = ''] = /^(?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'\\])+/s.exec(rest) ?? [];
    if (word === '') throw new Error(`a quote has no end: ${rest}`);
    found.push(unquoted(word));
    rest = rest.slice(word.length);
    if (rest !== '' && !/^\s/.test(rest)) throw new Error(`a quote has no end: ${rest}`);
    rest = rest.trimStart();
  }
  return found;
}

function unquoted(word: string): string {
  return word.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/gs, (_, double, single, escaped) =>
    double === undefined ? (single ?? escaped) : double.replace(/\\(["\\$])/g, '$1'),
  );
}

function one(text: string): string {
  const [word = '', ...others] = words(text);
  if (others.length > 0) throw new Error('it takes one value');
  return word;
}

/** Of a name that comes again, the last value counts, at its old place. */
function withEnv(env: readonly string[], more: readonly (readonly [string, string])[]): string[] {
  const all = new Map(env.map((entry) => [entry.split('=', 1)[0] ?? '', entry]));
  for (const [name, value] of more) all.set(name, `${name}=${value}`);
  return [...all.values()];
}

/** `80` is `80/tcp`. @throws {Error} for what is no port */
function portOf(text: string): string {
  const [, from, to, protocol = 'tcp'] = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp))?$/i.exec(text) ?? [];
  if (from === undefined || Number(from) > 65_535 || Number(to ?? from) > 65_535)
    throw new Error(`${JSON.stringify(text)} is not a port`);
  return `${to === undefined ? from : `${from}-${to}`}/${protocol.toLowerCase()}`;
}

function keys(names: readonly string[]): Record<string, object> {
  return Object.fromEntries(names.map((name) => [name, {}]));
}
