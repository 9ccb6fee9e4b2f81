import { join, relative, resolve } from 'node:path';
import { fences, markdown, withBodies } from '../../../test/readme/markdown.ts';
import { regionOf } from '../../../test/readme/regions.ts';
import type { Step } from '../step/step.ts';

/**
 * A step's lesson as a student gets it: the code that it shows is what they get, where every task is still to be written.
 *
 * @param files - what they get, by path
 * @param directory - where it will be: links lead to where the original's do, but those to files that they get
 */
export function lessonOf(step: Step, files: ReadonlyMap<string, string>, directory: string): string {
  const file = join(step.directory, 'README.md');
  const bodies = fences(file).flatMap((fence) => {
    const [, path = '', name = ''] = /^\S+ (src\/[^#]+)#(.+)$/.exec(fence.info) ?? [];
    const source = files.get(path);
    return source === undefined ? [] : [[fence, regionOf(source, name)] as const];
  });
  const text = withBodies(markdown(file), new Map(bodies));
  const here = (target: string) => (files.has(target) ? target : relative(directory, resolve(step.directory, target)));
  return relinked(text, here).replaceAll(/^pnpm homework start \d.*\n/gm, ''); // that is done
}

/** The same text with other targets for its relative links and pictures; what has none becomes plain text. */
export function relinked(text: string, target: (path: string) => string | undefined): string {
  return text.replaceAll(
    /(!?)\[([^\]]*)\]\((?![a-z]+:|#)([^)#\s]+)(#[^)\s]*)?\)/g,
    (_, picture, words, path, anchor = '') => {
      const to = target(path);
      return to === undefined ? words : `${picture}[${words}](${to}${anchor})`;
    },
  );
}
