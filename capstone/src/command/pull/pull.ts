import { familiarRepository, fullName, parseReference, put, type Reference, STDOUT, withTag } from 'step-10';
import { fetchTags } from '../../registry/tags.ts';
import { pullAndTell } from '../../registry/tell.ts';

interface Flags {
  readonly allTags?: boolean;
  readonly platform?: string;
  readonly quiet?: boolean;
}

/** Pulls an image, or all of a repository, and prints its name in full at the end. */
export async function pullAsAsked({ allTags, platform, quiet = false }: Flags, name: string): Promise<number> {
  const reference = parseReference(name);
  const isBare = reference.tag === undefined && reference.digest === undefined;
  if (allTags && !isBare) throw new Error("tag can't be used with --all-tags/-a");
  if (isBare && !allTags && !quiet) put('Using default tag: latest\n');
  for (const one of allTags ? await allOf(reference) : [withTag(reference)])
    await pullAndTell(one, { platform, quiet, to: STDOUT });
  put(`${fullName(allTags ? reference : withTag(reference))}\n`);
  return 0;
}

async function allOf(reference: Reference): Promise<Reference[]> {
  const tags = await fetchTags(reference, Infinity);
  if (tags.length === 0) throw new Error(`${familiarRepository(reference)} has no tags`);
  return tags.map((tag) => parseReference(`${fullName(reference)}:${tag}`));
}
