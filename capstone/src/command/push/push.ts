import { familiarRepository, fullName, parseReference, put, type Reference, STDOUT, withTag } from 'step-10';
import { tagsOf } from 'step-10/store';
import { progressOn } from '../../registry/progress/on.ts';
import { SILENT } from '../../registry/progress/progress.ts';
import { push } from '../../registry/push.ts';
import { pulledOrPushed } from '../../registry/tell.ts';

interface Flags {
  readonly allTags?: boolean;
  readonly quiet?: boolean;
}

/** Pushes an image, or all that a repository has here. */
export async function pushAsAsked({ allTags, quiet }: Flags, name: string): Promise<number> {
  const reference = parseReference(name);
  if (reference.digest !== undefined) throw new Error('cannot push a digest reference');
  if (allTags && reference.tag !== undefined) throw new Error("tag can't be used with --all-tags/-a");
  const tell = quiet ? () => {} : put;
  if (!allTags && reference.tag === undefined) tell('Using default tag: latest\n');
  tell(`The push refers to repository [${fullName({ domain: reference.domain, path: reference.path })}]\n`);
  for (const one of allTags ? allOf(reference) : [withTag(reference)]) {
    const { digest, size } = await push(one, { progress: quiet ? SILENT : progressOn(STDOUT) });
    pulledOrPushed('push', one);
    tell(`${one.tag}: digest: ${digest} size: ${size}\n`);
    if (quiet) put(`${fullName(one)}\n`);
  }
  return 0;
}

function allOf(reference: Reference): Reference[] {
  const all = tagsOf(reference);
  if (all.length > 0) return all;
  throw new Error(`An image does not exist locally with the tag: ${familiarRepository(reference)}`);
}
