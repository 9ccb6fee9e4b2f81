import { confirmed, happened, put, unlessSpoiled } from 'step-07';
import { humanSize } from '../../format/human.ts';
import { familiarName } from '../../reference.ts';
import { imageHappened } from '../../store/happened.ts';
import { isTagged, namesOf, removeName } from '../../store/names.ts';
import { idsWith } from '../../store/record.ts';
import { type Remover, removing } from '../../store/remove.ts';
import { claimImage, keptContainers } from '../../store/use.ts';
import { filterOf } from './filters.ts';
import { type Summary, summaryOf } from './summary.ts';

interface Flags {
  readonly all?: boolean;
  readonly filter?: readonly string[];
  readonly force?: boolean;
}

/** `image prune`. */
export function prune(flags: Flags): number {
  const freed = pruneImages(flags);
  if (freed !== undefined) put(`Total reclaimed space: ${humanSize(freed)}\n`);
  return 0;
}

/**
 * Removes images that nobody refers to, and says which. None that a process uses, or is about to use.
 *
 * @returns bytes that were freed; undefined if it asked, and the answer was no
 */
export function pruneImages({ all = false, filter = [], force }: Flags): number | undefined {
  const isWanted = filterOf(filter, ['until', 'label', 'label!']);
  const what = all ? 'all images without at least one container associated to them' : 'all dangling images';
  if (!force && !confirmed(`This will remove ${what}.`)) return undefined;
  const { lines, freed } = removing((remover) => {
    const lines = pruneAll(remover, (summary) => (all || !isTagged(summary.names)) && isWanted(summary));
    remover.sweep();
    return { lines, freed: remover.freed };
  });
  happened({ Type: 'image', Action: 'prune', id: '', attributes: { reclaimed: String(freed) } });
  if (lines.length > 0) put(`Deleted Images:\n${lines.join('')}\n`);
  return freed;
}

function pruneAll(remover: Remover, isWanted: (summary: Summary) => boolean): string[] {
  const kept = keptContainers();
  const lines: string[] = [];
  for (const id of idsWith('')) {
    const summary = kept.has(id) ? undefined : unlessSpoiled(() => summaryOf(id));
    const letGo = summary !== undefined && isWanted(summary) ? claimImage(id) : undefined;
    if (letGo === undefined) continue;
    for (const name of namesOf(id)) {
      removeName(name, id);
      imageHappened('untag', id);
      lines.push(`untagged: ${familiarName(name)}\n`);
    }
    lines.push(...remover.remove(id).map((digest) => `deleted: ${digest}\n`));
    letGo();
    imageHappened('delete', id);
  }
  return lines;
}
