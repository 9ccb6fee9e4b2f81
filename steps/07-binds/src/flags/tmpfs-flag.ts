import type { TmpfsMount } from '../mount.ts';
import { mergeTmpfs } from '../tmpfs.ts';
import { targetOf } from './spec.ts';

/** `--tmpfs /run:size=64m,exec`. @throws {Error} for a target that is none, and an option that there isn't */
export function parseTmpfs(text: string): TmpfsMount {
  const at = text.indexOf(':');
  const [path, options] = at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
  const target = targetOf(path, (why) => new Error(why));
  const words = options === '' ? [] : options.split(',');
  mergeTmpfs(words);
  return { type: 'tmpfs', target, readOnly: false, options: words };
}
