import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Terminal } from '@xterm/headless';
import { parseReference } from 'step-10';
import { afterAll, describe, expect, test } from 'vitest';
import { challengesIn } from '../src/registry/auth/challenge.ts';
import { endpointsOf } from '../src/registry/endpoint.ts';
import { retryAfter } from '../src/registry/http/patience.ts';
import { serverOf } from '../src/registry/login.ts';
import { rowText, terminal } from '../src/registry/progress/terminal.ts';
import { isInsecure, readRegistries } from '../src/registry/registries.ts';

const once = { tags: ['once'] };
const folder = mkdtempSync(join(tmpdir(), 'boxstep-registry-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a header WWW-Authenticate', once, () => {
  test('may have several challenges, and commas and quotes in their parameters', () => {
    const header =
      'Negotiate, Bearer realm="https://a.example/token?x=1,2",service="a \\"b\\"",scope=pull, Basic realm="c"';
    expect(challengesIn(header)).toEqual([
      { scheme: 'bearer', parameters: { realm: 'https://a.example/token?x=1,2', service: 'a "b"', scope: 'pull' } },
      { scheme: 'basic', parameters: { realm: 'c' } },
    ]);
    expect(challengesIn(undefined)).toEqual([]);
    expect(challengesIn('Basic')).toEqual([{ scheme: 'basic', parameters: {} }]);
  });
});

describe('where an image is asked for', once, () => {
  const urls = (name: string, registries = {}) =>
    endpointsOf(parseReference(name), registries).map(({ urls }) => urls.map(String).join(' or '));

  test('docker.io has another host than name, and others are what they are called, by TLS', () => {
    expect(urls('busybox')).toEqual(['https://registry-1.docker.io/']);
    expect(urls('quay.io/team/app')).toEqual(['https://quay.io/']);
    expect(endpointsOf(parseReference('busybox'), {})[0]?.server).toBe('https://index.docker.io/v1/');
    expect(serverOf('https://index.docker.io/v1/').domain).toBe('docker.io');
  });

  test('this machine, and what is named insecure, may be without TLS', () => {
    for (const host of ['localhost:5000', '127.0.0.1:5000', '127.1.2.3']) expect(isInsecure(host, {})).toBe(true);
    expect(urls('localhost:5000/app')).toEqual(['https://localhost:5000/ or http://localhost:5000/']);
    const registries = { 'insecure-registries': ['lan:5000', '10.0.0.0/8'] };
    expect(
      ['lan:5000', 'lan', '10.1.2.3:80', '11.1.2.3', '127.0.0.1.example'].map((host) => isInsecure(host, registries)),
    ).toEqual([true, false, true, false, false]);
  });

  test('mirrors come first: those of docker.io, or of the longest beginning of a name', () => {
    const registries = {
      'registry-mirrors': ['https://mirror.example'],
      mirrors: { 'quay.io': ['https://q.example'], 'quay.io/team': ['http://t.example/prefix/'] },
    };
    expect(urls('busybox', registries)).toEqual(['https://mirror.example/', 'https://registry-1.docker.io/']);
    expect(urls('quay.io/team/app', registries)).toEqual(['http://t.example/prefix/', 'https://quay.io/']);
    expect(urls('quay.io/teams/app', registries)).toEqual(['https://q.example/', 'https://quay.io/']);
  });

  test('a file that is wrong is quoted', () => {
    const file = join(folder, 'registries.json');
    const read = (text: string) => {
      writeFileSync(file, text);
      return () => readRegistries({ BOXSTEP_REGISTRIES: file });
    };
    expect(read('{"insecure-registries": "lan"}')).toThrow(
      /registries.json isn't as it must be: insecure-registries: /,
    );
    expect(read('{"registry-mirrors": ["mirror.example"]}')).toThrow(/registry-mirrors.0: /);
    expect(read('{')).toThrow(/registries.json is not JSON/);
    expect(() => readRegistries({ BOXSTEP_REGISTRIES: join(folder, 'none') })).toThrow(/ENOENT/);
  });
});

test('Retry-After is seconds or a date', once, () => {
  expect([
    retryAfter('3'),
    retryAfter(undefined),
    retryAfter('soon'),
    retryAfter('Mon, 01 Jan 2024 00:00:00 GMT'),
  ]).toEqual([3000, 0, 0, 0]);
  expect(retryAfter(new Date(Date.now() + 10_000).toUTCString())).toBeGreaterThan(8000);
});

describe('progress on a terminal', once, () => {
  test('is a line for each layer, drawn anew', async () => {
    const path = join(folder, 'drawn');
    const progress = terminal(openSync(path, 'w'), () => ({ columns: 100, rows: 10 }));
    progress.line('1: Pulling from team/app');
    for (const id of ['aaaa', 'bbbb']) progress.layer(id, 'Pulling fs layer');
    progress.layer('bbbb', 'Downloading', { done: 500_000, whole: 1_000_000 });
    progress.layer('aaaa', 'Pull complete');
    progress.line('Digest: sha256:…');
    const screen = new Terminal({ cols: 100, rows: 10, convertEol: true, allowProposedApi: true });
    await new Promise<void>((resolve) => screen.write(readFileSync(path), resolve));
    const lines = Array.from({ length: 5 }, (_, at) => screen.buffer.active.getLine(at)?.translateToString(true));
    expect(lines).toEqual([
      '1: Pulling from team/app',
      'aaaa: Pull complete',
      `bbbb: Downloading [${'='.repeat(25)}>${' '.repeat(24)}]    500kB/1MB`,
      'Digest: sha256:…',
      '',
    ]);
  });

  test('has no bar where it is narrow, and is never wider than the terminal', () => {
    const part = { done: 1, whole: 1_048_576 };
    expect(rowText('aaaa', 'Downloading', part, 40)).toBe('aaaa: Downloading       1B/1.049MB');
    for (const columns of [10, 40, 60, 200])
      expect(rowText('aaaa', 'Downloading', part, columns).length).toBeLessThan(columns);
  });
});
