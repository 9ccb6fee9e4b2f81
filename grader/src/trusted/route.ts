import { regions, withBodies } from '../step/regions.ts';
import { type HandedIn, HOMEWORK } from './homework.ts';

/**
 * A vite plugin: in a step's sources, a function whose body is a task asks first whether it is the one that is tested, and
 * then the student answers. In every other test, it is the reference. A line stays a line.
 *
 * @param directory - the step's folder
 */
export function route(directory: string) {
  return {
    name: 'boxstep-homework',
    enforce: 'pre' as const,
    transform(source: string, id: string) {
      const [path = ''] = id.split('?');
      if (!path.startsWith(`${directory}/src/`) || regions(source).length === 0) return null;
      return { code: routed(source, path.slice(directory.length + 1)), map: null };
    },
  };
}

/** Which submission a test file runs for: `…/sizes.test.ts?work=17`. */
export function workOf(id: string): number | undefined {
  const found = /\?(?:.*&)?work=(\d+)/.exec(id);
  return found ? Number(found[1]) : undefined;
}

/**
 * A vite plugin: a test file that runs for a submission hands it in first, by an import on its first line.
 *
 * @param handedIn - the submission of a number
 */
export function handIn(handedIn: (work: number) => HandedIn) {
  const name = '\0boxstep-work?work=';
  return {
    name: 'boxstep-hand-in',
    enforce: 'pre' as const,
    resolveId: (id: string) => (id.startsWith(name) ? id : null),
    load(id: string) {
      if (!id.startsWith(name)) return null;
      // In base64, in which vite finds nothing of a student's to replace: what it transforms here runs beside the tests.
      const text = Buffer.from(JSON.stringify(handedIn(workOf(id) ?? 0))).toString('base64');
      return `globalThis[Symbol.for('${HOMEWORK}')].handIn(JSON.parse(Buffer.from('${text}', 'base64').toString()));`;
    },
    transform(source: string, id: string) {
      const work = workOf(id);
      if (work === undefined || id.startsWith(name)) return null;
      return { code: `import ${JSON.stringify(name + work)}; ${source}`, map: null };
    },
  };
}

export function routed(source: string, file: string): string {
  const homework = `globalThis[Symbol.for('${HOMEWORK}')]`;
  const lines = source.split('\n');
  for (const { task, function: name, from } of regions(source)) {
    const student = `${homework}?.of(${task})`;
    lines[from] = `if (${student}) return ${student}.call(${task}, '${name}', arguments);`;
  }
  const names = [...new Set(regions(source).map((region) => region.function))];
  return `${lines.join('\n')}\n${homework}?.register('${file}', { ${names.join(', ')} });\n`;
}

/** A source whose tasks, but one, ask the reference over the border. */
export function asking(source: string, file: string, but?: number): string {
  return withBodies(source, ({ task, function: name }) =>
    task === but ? undefined : `return globalThis[Symbol.for('boxstep.reference')]('${file}', '${name}', arguments);`,
  );
}
