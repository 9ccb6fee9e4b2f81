import { statSync } from 'node:fs';
import { posix } from 'node:path';
import { isatty } from 'shared-native';
import { humanSize, say, typedPath, writeAll } from 'step-10';
import { type End, withContainer, withHost } from '../../copy/end.ts';
import { type Located, locate } from '../../copy/locate.ts';
import { pack } from '../../copy/pack.ts';
import { nameOf, saysDirectory, type Target, targetOf } from '../../copy/target.ts';
import { type Owner, unpack } from '../../copy/unpack.ts';

interface Flags {
  readonly archive?: boolean;
  readonly followLink?: boolean;
  readonly quiet?: boolean;
}

/** A source or a target as it was typed: of the host's, if it has no container. */
interface Typed {
  readonly container?: string;
  readonly path: string;
}

/** Copies as a command line asks for it. */
export async function copyAsAsked(flags: Flags, source: string, target: string): Promise<number> {
  if (source === '') throw new Error('source can not be empty');
  if (target === '') throw new Error('destination can not be empty');
  const [from, to] = [typed(source), typed(target)];
  if (from.container && to.container) throw new Error('copying between containers is not supported');
  if (from.container) await out(flags, from, to);
  else if (to.container) await into(flags, from, to);
  else throw new Error('must specify at least one container source');
  return 0;
}

/** A path of the host's with a colon in it begins with a slash or a dot. */
function typed(text: string): Typed {
  const [, container, path] = /^([^/.:][^:]*):(.*)$/s.exec(text) ?? [];
  return container === undefined || path === undefined ? { path: text } : { container, path };
}

function out(flags: Flags, { container = '', path }: Typed, to: Typed): Promise<void> {
  return withContainer(container, false, async (end) => {
    const source = locate(end, path, follows(flags, path));
    if (!source.stat) throw notFound(path, container);
    assertKind(source, path);
    if (to.path === '-') return toStandardOutput(pack(end, source.parts, nameOf(path)));
    const place = onHost(to.path);
    assertOutput(place);
    await withHost(async (host) => {
      const target = targetOf(path, source.stat?.isDirectory() ?? false, place, locate(host, place, true));
      await copy({ end, source }, { end: host, target, says: place }, flags, ourselves());
    });
  });
}

function into(flags: Flags, from: Typed, { container = '', path }: Typed): Promise<void> {
  return withContainer(container, true, async (end) => {
    const there = locate(end, path, true);
    if (from.path === '-') {
      if (!there.stat?.isDirectory()) throw new Error(`destination "${container}:${path}" must be a directory`);
      await unpack(process.stdin, end, there.parts);
      return;
    }
    const place = onHost(from.path);
    await withHost(async (host) => {
      const source = locate(host, place, follows(flags, place));
      if (!source.stat) throw new Error(`lstat ${place}: no such file or directory`);
      assertKind(source, place);
      const target = targetOf(place, source.stat.isDirectory(), path, there);
      if (!locate(end, `/${target.base.join('/')}`, true).stat?.isDirectory())
        throw notFound(posix.dirname(path), container);
      await copy({ end: host, source }, { end, target, says: `${container}:${path}` }, flags, { uid: 0, gid: 0 });
    });
  });
}

interface From {
  readonly end: End;
  readonly source: Located;
}

interface To {
  readonly end: End;
  readonly target: Target;
  /** What it is called when people are told. */
  readonly says: string;
}

/** @param owner - whose the copies are, without -a */
async function copy(from: From, to: To, { archive, quiet = !isatty(1) }: Flags, owner: Owner): Promise<void> {
  const { base, called } = to.target;
  let bytes = 0;
  const counted = async function* () {
    for await (const chunk of pack(from.end, from.source.parts, called)) {
      bytes += chunk.length;
      yield chunk;
    }
  };
  const content = await unpack(counted(), to.end, base, archive ? undefined : owner);
  if (!quiet) say(`Successfully copied ${humanSize(content)} (transferred ${humanSize(bytes)}) to ${to.says}`);
}

async function toStandardOutput(tar: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of tar) await writeAll(1, chunk);
}

/** A path that says that it is a directory leads through a link to one. */
function follows({ followLink = false }: Flags, path: string): boolean {
  return followLink || saysDirectory(path);
}

function assertKind({ stat }: Located, path: string): void {
  if (saysDirectory(path) && !stat?.isDirectory()) throw new Error('not a directory');
}

/** A path of the host's from its root, with the slash or the dot that it ends with. */
function onHost(path: string): string {
  const whole = typedPath(path);
  if (path === '.' || path.endsWith('/.')) return `${posix.join(whole, '/')}.`;
  return path.endsWith('/') ? posix.join(whole, '/') : whole;
}

/** @throws {Error} in docker's words, if nothing can be written there */
function assertOutput(path: string): void {
  const directory = posix.dirname(posix.normalize(path));
  if (!statSync(directory, { throwIfNoEntry: false }))
    throw new Error(`invalid output path: directory ${JSON.stringify(directory)} does not exist`);
  const there = statSync(path, { throwIfNoEntry: false });
  if (there && !there.isDirectory() && !there.isFile())
    throw new Error(`invalid output path: ${JSON.stringify(path)} must be a directory or a regular file`);
}

function notFound(path: string, container: string): Error {
  return new Error(`Could not find the file ${path} in container ${container}`);
}

function ourselves(): Owner {
  return { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
}
