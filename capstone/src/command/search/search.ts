import { familiarRepository, listing, parseReference, put } from 'step-10';
import { fetchTags } from '../../registry/tags.ts';

interface Flags {
  readonly format?: string;
  readonly limit: number;
}

/** Lists the tags of a repository. */
export async function search({ format, limit }: Flags, repository: string): Promise<number> {
  const { domain, path, tag, digest } = parseReference(repository);
  if ((tag ?? digest) !== undefined)
    throw new Error(`Expected the name of a repository, without a tag, got ${repository}`);
  const tags = await fetchTags({ domain, path }, limit);
  const rows = tags.map((Tag) => ({ Name: familiarRepository({ domain, path }), Tag }));
  put(listing(rows, { headings: { Name: 'NAME', Tag: 'TAG' }, shown: ['Name', 'Tag'] }, format));
  return 0;
}
