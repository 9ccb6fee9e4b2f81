import { familiarName, familiarRepository, happened, put, type Reference } from 'step-10';
import { progressOn } from './progress/on.ts';
import { SILENT } from './progress/progress.ts';
import { type Pulled, pull } from './pull.ts';

export interface Telling {
  readonly platform?: string | undefined;
  readonly quiet: boolean;
  /** The descriptor where it's told. */
  readonly to: number;
}

/** Tells that an image came from a registry, or went to one, by its name there. */
export function pulledOrPushed(Action: 'pull' | 'push', reference: Reference): void {
  happened({ Type: 'image', Action, id: familiarName(reference), attributes: { name: familiarRepository(reference) } });
}

/** Pulls an image, and tells how far that is, and what came of it, as docker does. */
export async function pullAndTell(reference: Reference, { platform, quiet, to }: Telling): Promise<Pulled> {
  const pulled = await pull(reference, { platform, progress: quiet ? SILENT : progressOn(to) });
  pulledOrPushed('pull', reference);
  const status = pulled.isNewer ? 'Downloaded newer image for' : 'Image is up to date for';
  if (!quiet) put(`Digest: ${pulled.digest}\nStatus: ${status} ${familiarName(reference)}\n`, to);
  return pulled;
}
