import { statSync } from 'node:fs';
import { typedPath } from 'step-07';
import { familiarName, parseReference, type Reference, wholeId } from '../../reference.ts';
import type { Saved } from '../../save/contents.ts';
import { writeOut } from '../../save/out.ts';
import { archiveOf, writeLayout } from '../../save/save.ts';
import { readImage } from '../../store/find.ts';
import { imageHappened } from '../../store/happened.ts';
import type { Digest } from '../../store/image.ts';
import { idOfName, referenceOf, tagsOf } from '../../store/names.ts';
import { useImage } from '../../store/use.ts';
import { imageNamed } from './named.ts';
import { assertPlatform } from './platform.ts';

interface Flags {
  readonly output?: string;
  readonly format: string;
  readonly platform?: string;
}

/** Saves images to an archive, or a directory. */
export async function save({ output, format, platform }: Flags, words: readonly string[]): Promise<number> {
  if (!['archive', 'oci-archive', 'docker-archive', 'oci-dir'].includes(format))
    throw new Error(`Expected --format to be archive or oci-dir, got ${JSON.stringify(format)}`);
  if (format !== 'oci-dir' && output !== undefined && isDirectory(output))
    throw new Error('failed to save image: cannot write to a directory');
  const saved = savedAs(words);
  for (const { image, names } of saved) assertPlatform(names[0] ? familiarName(names[0]) : image.id, image, platform);
  const releases = saved.map(({ image }) => useImage(image));
  try {
    await write(saved, format, output);
    for (const { image } of saved) imageHappened('save', image.id);
  } finally {
    for (const release of releases) release();
  }
  return 0;
}

function isDirectory(path: string): boolean {
  return statSync(typedPath(path), { throwIfNoEntry: false })?.isDirectory() ?? false;
}

async function write(saved: readonly Saved[], format: string, output: string | undefined): Promise<void> {
  if (format === 'oci-dir') {
    if (output === undefined) throw new Error('--format oci-dir needs a directory to write to: --output DIRECTORY');
    await writeLayout(saved, typedPath(output));
  } else await writeOut(archiveOf(saved), output);
}

/** Each image once, under the names that were asked for, in the order in which they were. */
function savedAs(words: readonly string[]): Saved[] {
  const names = new Map<Digest, Map<string, Reference>>();
  for (const one of words) {
    for (const { id, name } of meant(one)) {
      const all = names.get(id) ?? new Map();
      names.set(id, all);
      if (name !== undefined) all.set(JSON.stringify(name), name);
    }
  }
  return [...names].map(([id, all]) => ({ image: readImage(id) ?? imageNamed(id), names: [...all.values()] }));
}

/** A name without a tag means all that have one. */
function meant(words: string): { id: Digest; name?: Reference }[] {
  if (wholeId(words) === undefined && !words.startsWith('sha256:')) {
    const reference = parseReference(words);
    const tags = reference.tag === undefined && reference.digest === undefined ? tagsOf(reference) : [];
    const named = tags.flatMap((name) => ({ id: idOfName(name) as Digest, name }));
    if (named.length > 0) return named;
  }
  const { id } = imageNamed(words, words); // of docker's commands, only this one adds no tag to what isn't there
  const name = referenceOf(words, id);
  return [name === undefined ? { id } : { id, name }];
}
