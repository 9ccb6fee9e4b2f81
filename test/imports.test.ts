import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

// Circles of imports are Biome's to find (noImportCycles, in biome.json). Here: imports between packages run one way.
const root = fileURLToPath(new URL('..', import.meta.url));
const steps = globSync('steps/*/package.json', { cwd: root })
  .map((file) => ({ folder: dirname(file), package: JSON.parse(readFileSync(join(root, file), 'utf8')) }))
  .sort((one, other) => one.folder.localeCompare(other.folder));
const ours = new Set(['shared-native', 'grader', 'boxstep', ...steps.map((step) => step.package.name)]);
const dependencies = (json: { dependencies?: object }) =>
  Object.keys(json.dependencies ?? {}).filter((name) => ours.has(name));

test.for(steps.entries().toArray())(
  'step %#: it depends on the step before and shared-native, and on nothing else of ours',
  ([nth, step]) => {
    const before = steps[nth - 1]?.package.name;
    expect(dependencies(step.package).sort()).toEqual(['shared-native', ...(before ? [before] : [])]);
  },
);

test('shared-native depends on no other package of ours', () => {
  expect(dependencies(JSON.parse(readFileSync(join(root, 'shared-native/package.json'), 'utf8')))).toEqual([]);
});

test('no source reaches into another package by a path', () => {
  const strays = ['shared-native', ...steps.map((step) => step.folder)].flatMap((folder) =>
    globSync(`${folder}/src/**/*.ts`, { cwd: root }).flatMap((file) =>
      relativeImports(file)
        .filter((target) => relative(`${folder}/src`, target).startsWith('..'))
        .map((target) => `${file}: ${target}`),
    ),
  );
  expect(strays).toEqual([]);
});

test('no source imports a package that its package.json does not list', () => {
  const strays = steps.flatMap(({ folder, package: json }) =>
    globSync(`${folder}/src/**/*.ts`, { cwd: root }).flatMap((file) =>
      [...ours]
        .filter((name) => imports(file).includes(name) && !dependencies(json).includes(name))
        .map((name) => `${file}: ${name}`),
    ),
  );
  expect(strays).toEqual([]);
});

function imports(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/^(?:import|export)\b[^;]*?from '([^']+)'|\bimport\('([^']+)'\)/gm)].map(
    ([, from, dynamic]) => (from ?? dynamic) as string,
  );
}

function relativeImports(file: string): string[] {
  return imports(file)
    .filter((from) => from.startsWith('.'))
    .map((from) => join(dirname(file), from));
}
