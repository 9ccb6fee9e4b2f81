import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { alternativesOf, impostorsOf } from '../src/checking/bodies.ts';
import { exportStep } from '../src/export/export.ts';
import { testsOf } from '../src/step/imports.ts';
import { regions } from '../src/step/regions.ts';
import { readStep, type Step, stepNumbers } from '../src/step/step.ts';
import { ROOT } from '../src/step/workspace.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxstep-export-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Every line of a solution that says something: shorter ones stand elsewhere, too. */
function solution(step: Step): string[] {
  const lines = [...step.sources.values()].flatMap((source) =>
    regions(source).flatMap(({ from, to }) => source.split('\n').slice(from + 1, to)),
  );
  return lines.map((line) => line.trim()).filter((line) => line.length > 24);
}

/** All files of a folder, hidden ones among them, as one text each. */
function textsOf(path: string): Map<string, string> {
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(join(path, file)).isFile(),
  );
  return new Map(files.map((file) => [file, readFileSync(join(path, file), 'utf8')]));
}

describe.each(stepNumbers())('step %i, handed out', (number) => {
  const step = readStep(number);
  const to = join(folder, String(number));
  const place = relative(ROOT, step.directory);
  const told = exportStep(step, to);
  const texts = textsOf(join(to, 'students'));

  test('holds no line of the solution, nor of another, right or nearly so', () => {
    const others = [...impostorsOf(step), ...alternativesOf(step)].flatMap(({ body }) =>
      body.split('\n').map((line) => line.trim()),
    );
    // The step's own, and what serves every step: a line of it in another solution tells nothing.
    const served = [...texts].flatMap(([file, text]) => (/^(shared-native|grader)\/src\//.test(file) ? [text] : []));
    const known = [...step.sources.values(), ...served].join('\n');
    const secret = [...solution(step), ...others.filter((line) => line.length > 24 && !known.includes(line))];
    // A line that stands outside of the tasks as well is no secret.
    const open = [...step.sources.values()].map((source) => outside(source)).join('\n');
    const found = [...texts].flatMap(([file, text]) =>
      secret.filter((line) => text.includes(line) && !open.includes(line)).map((line) => `${file}: ${line}`),
    );
    expect(found).toEqual([]);
    expect(secret.filter((line) => !open.includes(line)).length).toBeGreaterThan(step.tasks.length);
  });

  test('has all that its tests import, and so has the autograder', () => {
    const bundle = textsOf(join(to, 'gradescope/boxstep'));
    const needed = testsOf(step).map((path) => relative(ROOT, path));
    expect(needed.length).toBeGreaterThanOrEqual(new Set(step.tasks.map(({ tests }) => tests)).size);
    expect(needed.filter((path) => !texts.has(path) || !bundle.has(path))).toEqual([]);
  });

  test('names no command that isn’t there', () => {
    const { scripts } = JSON.parse(texts.get('package.json') ?? '');
    const own = [texts.get('README.md') ?? '', texts.get(`${place}/README.md`) ?? ''].join('\n');
    const named = [...own.matchAll(/\bnpm run (\w+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
    expect(own).not.toContain('pnpm homework');
    expect(own, 'docs are not handed out').not.toContain('](../../docs');
  });

  test('holds no later step, no history, nothing installed or compiled', () => {
    const files = [...texts.keys()];
    expect(
      files.filter((file) =>
        /(^|\/)(\.git|node_modules|dist|impostors|alternatives)\/|equivalents|\.map$|e2e/.test(file),
      ),
    ).toEqual([]);
    const steps = new Set(files.flatMap((file) => /^steps\/(\d\d)/.exec(file)?.[1] ?? []).map(Number));
    expect([...steps].sort((one, other) => one - other)).toEqual(stepNumbers().filter((one) => one <= number));
    const later = stepNumbers()
      .filter((one) => one > number)
      .map((one) => readStep(one).name);
    const manifests = files.filter((file) => /package\.json$|pnpm-lock\.yaml$/.test(file));
    expect(manifests.filter((file) => later.some((name) => texts.get(file)?.includes(name)))).toEqual([]);
  });

  test('has a Todo for each task, and a workflow for GitHub Classroom whose points are those of the tasks', () => {
    const all = [...texts]
      .filter(([file]) => file.startsWith('steps/'))
      .map(([, text]) => text)
      .join('\n');
    for (const { number: task, title } of step.tasks) expect(all).toContain(`task ${task}: ${title}: edit steps/`);
    const workflow = parse(texts.get('.github/workflows/classroom.yml') ?? '');
    const { steps } = workflow.jobs['run-autograding-tests'];
    const graders = steps.filter((one: { uses?: string }) => one.uses?.includes('command-grader'));
    expect(graders.map((one: { with: Record<string, unknown> }) => one.with['max-score'])).toEqual(
      step.tasks.flatMap(({ points, groups }) => (groups.length > 0 ? groups.map((one) => one.points) : points)),
    );
    expect(steps.at(-1).with.runners).toBe(graders.map(({ id }: { id: string }) => id).join(','));
    for (const { id } of graders)
      expect(steps.at(-1).env[`${id.toUpperCase()}_RESULTS`]).toBe(`\${{steps.${id}.outputs.result}}`);
  });

  test('comes with an autograder for Gradescope that has the solution and can be run', () => {
    const bundle = textsOf(join(to, 'gradescope'));
    expect(statSync(join(to, 'gradescope/run_autograder')).mode & 0o111).toBe(0o111);
    expect(statSync(join(to, 'gradescope/setup.sh')).mode & 0o111).toBe(0o111);
    expect(bundle.get('run_autograder')).toContain(`gradescope ${number} "$root"`);
    const all = [...bundle.values()].join('\n');
    for (const line of solution(step)) expect(all).toContain(line);
    expect(told).toContain('zip -r');
  });
});

describe('Gradescope’s set-up', () => {
  const root = join(folder, 'autograder');
  const source = join(root, 'source');
  const setUp = (node: string) => {
    rmSync(root, { recursive: true, force: true });
    cpSync(join(folder, '3/gradescope'), source, { recursive: true });
    writeFileSync(join(source, 'boxstep/scripts/setup.mjs'), 'console.log("set up:", process.argv[2]);');
    const bin = join(root, 'bin');
    mkdirSync(bin);
    const program = (name: string, lines: string) =>
      writeFileSync(join(bin, name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
    program('node', node);
    for (const name of ['curl', 'apt-get']) program(name, `echo "${name} $*"`);
    program('npm', `echo "npm $*"; ln -sf '${process.execPath}' "${bin}/node"`);
    const env = { PATH: `${bin}:/usr/bin:/bin`, AUTOGRADER: root };
    return execFileSync('bash', [join(source, 'setup.sh')], { env, encoding: 'utf8' })
      .trim()
      .split('\n');
  };

  test('installs by the lock file where there is a Node that can', () => {
    expect(setUp(`exec '${process.execPath}' "$@"`)).toEqual(['set up: install']);
  });

  test('gets the lock file’s Node where there is none, or one too old', () => {
    const [, , npm, installed] = setUp('exit 1');
    expect(npm).toMatch(/^npm install --global --prefix \/usr\/local node@\d+\.\d+\.\d+$/);
    expect(installed).toBe('set up: install');
  });
});

test('nothing is exported over what is there', () => {
  expect(() => exportStep(readStep(3), join(folder, '3'))).toThrow('is not empty');
});

function outside(source: string): string {
  const lines = source.split('\n');
  for (const { from, to } of regions(source)) lines.fill('', from + 1, to);
  return lines.join('\n');
}
