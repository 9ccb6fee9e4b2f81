import { put, say } from 'step-07';
import { familiarName, type Reference, wholeId } from '../../reference.ts';
import { imageHappened } from '../../store/happened.ts';
import type { Digest } from '../../store/image.ts';
import { isAkin, isTagged, namesOf, referenceOf, removeName } from '../../store/names.ts';
import { type Remover, removing } from '../../store/remove.ts';
import { claimImage, keptContainers } from '../../store/use.ts';
import { imageNamed, NoSuchImage, shortId } from './named.ts';

/** Removes names, and images that lose their last one. Goes on after an error. */
export function rm({ force = false }: { readonly force?: boolean }, words: readonly string[]): number {
  let status = 0;
  for (const one of words) {
    try {
      put(removing((remover) => removeOne(remover, one, force)).join(''));
    } catch (error) {
      say((error as Error).message);
      if (!force || !(error instanceof NoSuchImage)) status = 1;
    }
  }
  return status;
}

/** @returns what to tell, a line each */
function removeOne(remover: Remover, words: string, force: boolean): string[] {
  const { id } = imageNamed(words);
  const names = namesOf(id);
  const name = referenceOf(words, id);
  const going = name === undefined ? names : withDigests(name, names);
  if (going.length < names.length) return untag(going, id);
  if (name === undefined && shared(names) && !force)
    throw new Error(`${unable(id)} (must be forced) - image is referenced in multiple repositories`);
  const letGo = claim(id, name && words, force);
  if (letGo === undefined) return untag(names, id); // a container still has it
  const untagged = untag(names, id);
  const deleted = remover.remove(id);
  letGo();
  imageHappened('delete', id);
  return [...untagged, ...deleted.map((digest) => `Deleted: ${digest}\n`)];
}

/** A name, and if it's the last tag of its repository, that repository's digests: they came with it. */
function withDigests(name: Reference, names: readonly Reference[]): Reference[] {
  const others = names.filter((other) => isAkin(name, other) && familiarName(other) !== familiarName(name));
  return name.tag === undefined || isTagged(others) ? [name] : [name, ...others];
}

/** Has an image several tags, or repositories? */
function shared(names: readonly Reference[]): boolean {
  const [first] = names;
  return names.filter(({ tag }) => tag !== undefined).length > 1 || names.some((name) => first && !isAkin(name, first));
}

/** @returns undefined if a name is to go, by force, and the image must stay @throws {Error} if it's used */
function claim(id: Digest, name: string | undefined, force: boolean): (() => void) | undefined {
  const [kept] = keptContainers().get(id) ?? [];
  const letGo = kept === undefined ? claimImage(id) : undefined;
  if (letGo !== undefined || (name !== undefined && force)) return letGo;
  const who =
    kept === undefined ? 'a running container' : `container ${wholeId(kept) === undefined ? kept : kept.slice(0, 12)}`;
  if (name === undefined) throw new Error(`${unable(id)} (cannot be forced) - image is being used by ${who}`);
  throw new Error(
    `conflict: unable to remove repository reference ${JSON.stringify(name)} (must force) - ${who} is using its referenced image ${shortId(id)}`,
  );
}

function unable(id: Digest): string {
  return `conflict: unable to delete ${shortId(id)}`;
}

function untag(names: readonly Reference[], id: Digest): string[] {
  return names.map((name) => {
    removeName(name, id);
    imageHappened('untag', id);
    return `Untagged: ${familiarName(name)}\n`;
  });
}
