import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defaultRootfsPath, state, toldIn } from 'step-10';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { boxstep } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { keepWritten } from '../../test/written.ts';
import { idOf, idsOfContainers, list } from '../src/containers/find.ts';
import { logPath, statusPath } from '../src/containers/place.ts';
import { type BoxRecord, configPath } from '../src/containers/record.ts';
import { stateOf } from '../src/containers/state.ts';
import { create, remove, start } from '../src/index.ts';
import { processOf } from '../src/kill.ts';
import { rename } from '../src/rename.ts';

beforeEach(needs('root', 'overlay'));

/** A file of the state that isn't what it was: what becomes of it. */
const WAYS: Readonly<Record<string, (path: string) => void>> = {
  'is cut short': (path) => writeFileSync(path, readFileSync(path).subarray(0, 40)),
  'is empty': (path) => writeFileSync(path, ''),
  'is another, which is empty': (path) => replace(path, () => writeFileSync(path, '')),
  'is filled with rubbish': (path) => replace(path, () => writeFileSync(path, '\u0001{]\n'.repeat(100))),
  'is a directory': (path) => replace(path, () => mkdirSync(path)),
  'leads nowhere': (path) => replace(path, () => symlinkSync('/no/such', path)),
  'is gone': (path) => rmSync(path),
};

function replace(path: string, make: () => void): void {
  rmSync(path);
  make();
}

const journal = (id: string) => join(state().journals, id);
const nameLink = () => join(state().data, 'container-names', 'bad');
const turn = () => join(state().journals, '.statuses', '.turn');
const events = () => join(state().journals, '.events');

const FILES: Readonly<Record<string, (id: string) => string>> = {
  'config.json': configPath,
  status: statusPath,
  log: logPath,
  journal,
  name: nameLink,
  turn,
  events,
};

async function running(name: string): Promise<BoxRecord> {
  const flags = ['--network', 'none'];
  const { id } = create({ name, image: defaultRootfsPath(), command: ['sleep', '1000'], flags });
  return (await start(id)).record;
}

/** Spoils a file of a running container that is called bad. */
async function bad(file: string, way: string): Promise<BoxRecord> {
  const record = await running('bad');
  const path = FILES[file]?.(record.id) ?? '';
  WAYS[way]?.(path);
  return record;
}

let good: BoxRecord;
beforeAll(async () => {
  good = await running('good');
});
afterEach(async () => {
  for (const id of idsOfContainers()) if (id !== good.id) await remove(id, { force: true });
});
afterAll(async () => {
  for (const id of idsOfContainers()) await remove(id, { force: true });
});

/** A name is a link: writing to it would make a file where it leads. */
const isPossible = (file: string, way: string) => file !== 'name' || !['is cut short', 'is empty'].includes(way);
const ALL = Object.keys(FILES).flatMap((file) =>
  Object.keys(WAYS).flatMap((way) => (isPossible(file, way) ? [[file, way] as const] : [])),
);

describe('a file of the state that is spoiled', () => {
  test.each(ALL)('%s %s: others still work, a new container starts, and this one can be removed', async (file, way) => {
    const { id, run } = await bad(file, way);
    const { records } = list();
    expect(records.map(({ name }) => name)).toContain('good');
    for (const record of records) expect(stateOf(record).status).toBe('running');
    const fresh = await running('new');
    await remove(fresh.id, { force: true });
    const { stderr } = await keepWritten(() => remove(idOf('bad'), { force: true }));
    for (const line of stderr.split('\n').filter(Boolean)) expect(line).toContain(FILES[file]?.(id));
    expect(run.status === 'begun' && processOf({ ...good, id, run })).toBeFalsy();
    expect(existsSync(dirname(configPath(id)))).toBe(false);
    expect(existsSync(nameLink())).toBe(false);
    rmSync(events(), { recursive: true, force: true });
    rmSync(journal(id), { recursive: true, force: true });
    expect(stateOf(good).status).toBe('running');
  });

  test('that says what a container is, is named by ps and system df, which list the others', async () => {
    const { id } = await bad('config.json', 'is cut short');
    const { stdout, stderr, exitCode } = await boxstep('ps', '--format', '{{.Names}}');
    expect([stdout, exitCode]).toEqual(['good', 1]);
    expect(stderr).toContain(configPath(id));
    for (const flags of [[], ['-v']]) {
      const used = await boxstep('system', 'df', ...flags);
      expect([used.exitCode, used.stderr]).toEqual([1, expect.stringContaining(configPath(id))]);
    }
    expect(await boxstep('rm', '-f', 'bad')).toMatchObject({ stdout: 'bad', exitCode: 0 });
  });

  test('that says what a container is, may have said that it has a volume: none is removed', async () => {
    await boxstep('volume', 'create', 'kept');
    const { id } = await bad('config.json', 'is cut short');
    const refused = await boxstep('volume', 'rm', 'kept');
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`volume is in use - [${id}]`) });
    await boxstep('volume', 'prune', '-a', '-f');
    await boxstep('rm', '-f', 'bad');
    expect((await boxstep('volume', 'rm', 'kept')).stdout).toBe('kept');
  });

  test('that says how it ended, is named in its error; a shim that cleans up is not waited for', async () => {
    const { id } = await bad('status', 'is filled with rubbish');
    expect((await boxstep('stop', '-t', '0', 'bad')).exitCode).toBe(0);
    await expect
      .poll(async () => (await boxstep('inspect', '--format', '{{.State.Status}}', 'bad')).stdout)
      .toBe('exited');
    const { stdout } = await boxstep('inspect', '--format', '{{.State.ExitCode}} {{.State.Error}}', 'bad');
    expect(stdout).toBe(`255 ${statusPath(id)} doesn't say how it ended`);
    await remove(id);
  });

  test('that is its log, is named by logs', async () => {
    const { id } = await bad('log', 'is a directory');
    expect((await boxstep('logs', 'bad')).stderr).toContain(`${logPath(id)} is no file`);
    await remove(id, { force: true });
  });

  test('that is its journal, is named by what looks into it, and by rm', async () => {
    const { id } = await bad('journal', 'is filled with rubbish');
    expect(() => toldIn(id)).toThrow(`${journal(id)} doesn't say where its container is`);
    await remove(id, { force: true });
    const other = await bad('journal', 'is a directory');
    expect((await boxstep('rm', '-f', 'bad')).stderr).toContain(journal(other.id));
    rmSync(journal(other.id), { recursive: true });
  });

  test('that is a name, is named by what would take it', async () => {
    const { id } = await bad('name', 'is filled with rubbish');
    await expect((async () => rename(good.id, 'bad'))()).rejects.toThrow(`${nameLink()} isn't a link`);
    await remove(id, { force: true });
    expect(readdirSync(dirname(nameLink()))).toEqual(['good']);
  });
});
