import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { asAUser, BOXSTEP, inRoot } from '../../test/boxstep.ts';
import { registryForEach } from './registry/each.ts';
import { newImage, pulled, sentence } from './registry/pulling.ts';
import { fail } from './registry/server.ts';
import { basicAuth, tokenServer } from './registry/token-server.ts';

const registry = registryForEach();
let config: string;
beforeEach(() => {
  config = join(inRoot('docker'), 'config.json');
  rmSync(inRoot('docker'), { recursive: true, force: true });
});

const once = { tags: ['once'] };

function writeConfig(value: object): void {
  mkdirSync(inRoot('docker'), { recursive: true });
  writeFileSync(config, JSON.stringify(value));
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Types a command as a user does who has this config.json. */
function typed(args: readonly string[], input = '', path: string = process.env.PATH ?? '') {
  const { env, ...options } = asAUser();
  const more = { ...env, PATH: path, DOCKER_CONFIG: inRoot('docker') };
  return execa(BOXSTEP, args, { ...options, env: more, stdin: 'pipe', input });
}

describe('a registry with', once, () => {
  test('basic authentication gets the password of config.json, and only when it asks', async () => {
    const name = registry.keep('team/basic', newImage('basic'));
    registry.fault = basicAuth('me', 'sec:ret');
    expect(await sentence(name)).toMatch(
      /^pull access denied for .*, repository does not exist or may require 'docker login'/,
    );
    writeConfig({ auths: { [`https://${registry.host}/v1/`]: { auth: base64('me:sec:ret') } } });
    expect(await pulled(name)).toMatchObject({ file: 'basic' });
    writeConfig({ auths: { 'other.example': { auth: base64('me:sec:ret') } } });
    registry.keep('team/basic', newImage('basic2'));
    expect(await sentence(name)).toMatch(/^pull access denied/);
  });

  test('a token server gets what is asked for, once for all that is pulled, and again when it has expired', async () => {
    const server = tokenServer(registry, { '*': '' });
    registry.fault = server.fault;
    const image = newImage('token', 4);
    const name = registry.keep('team/token', image);
    expect(await pulled(name)).toMatchObject({ file: 'token' });
    expect(server.asked).toEqual([{ scopes: ['repository:team/token:pull'], who: undefined, method: 'GET' }]);
    const another = newImage('expires', 4);
    const expiring = registry.keep('team/expires', another);
    let isExpired = false;
    registry.fault = (asked, response) => {
      if (asked.path.endsWith(another.id) && !isExpired) {
        isExpired = true;
        server.expire();
      }
      return server.fault(asked, response);
    };
    expect(await pulled(expiring)).toMatchObject({ file: 'expires' });
    expect(server.asked).toHaveLength(3);
  });

  test('a token server gets the password, or what stands for it', async () => {
    const server = tokenServer(registry, { me: 'secret' });
    registry.fault = server.fault;
    const name = registry.keep('team/password', newImage('password'));
    expect(await sentence(name)).toMatch(/^pull access denied/);
    writeConfig({ auths: { [registry.host]: { auth: base64('me:secret') } } });
    expect(await pulled(name)).toMatchObject({ file: 'password' });
    expect(server.asked.at(-1)).toMatchObject({ who: 'me:secret', method: 'GET' });
    writeConfig({ auths: { [registry.host]: { auth: base64('me:'), identitytoken: 'identity:me' } } });
    expect(await pulled(registry.keep('team/identity', newImage('identity')))).toMatchObject({ file: 'identity' });
    expect(server.asked.at(-1)).toMatchObject({ who: 'me:secret', method: 'POST' });
  });
});

test('a token server that is not a URL, or answers no token, ends the pull', once, async () => {
  let realm = 'file:///etc/passwd';
  registry.fault = ({ path }, response) => {
    if (path === '/token') response.writeHead(200).end('{"token": "two\\nlines"}');
    else response.writeHead(401, { 'WWW-Authenticate': `Bearer realm="${realm}"` }).end();
    return true;
  };
  expect(await sentence(`${registry.host}/team/realm`)).toMatch(
    /names a token server that is not a URL: "file:\/\/\/etc\/passwd"/,
  );
  realm = `http://${registry.host}/token`;
  expect(await sentence(`${registry.host}/team/realm`)).toMatch(/answered without a token/);
});

test('a token server that is busy is asked again, and one that is not there is named', once, async () => {
  const name = registry.keep('team/busy-token', newImage('busy token'));
  const server = tokenServer(registry, { '*': '' });
  let busy = 1;
  registry.fault = (asked, response) =>
    asked.path === '/token' && busy-- > 0 ? fail(response, 503, 'BUSY', 'later') : server.fault(asked, response);
  expect(await pulled(name)).toMatchObject({ file: 'busy token' });
  const challenge = { 'WWW-Authenticate': 'Bearer realm="http://127.0.0.1:1/token"' };
  registry.fault = (_, response) => fail(response, 401, 'UNAUTHORIZED', 'who?', challenge);
  expect(await sentence(name)).toContain("no token: 127.0.0.1:1 can't be reached: ECONNREFUSED");
});

test('a config.json that is not as it must be, or a helper that fails, is no fault of the registry', once, async () => {
  registry.fault = basicAuth('me', 'secret');
  const programs = inRoot('bad-programs');
  mkdirSync(programs, { recursive: true });
  const program = join(programs, 'docker-credential-bad');
  writeFileSync(program, '#!/bin/sh\ncat >/dev/null; echo null\n');
  chmodSync(program, 0o755);
  vi.stubEnv('PATH', `${programs}:${process.env.PATH}`);
  const said = (value: unknown) => {
    mkdirSync(inRoot('docker'), { recursive: true });
    writeFileSync(config, typeof value === 'string' ? value : JSON.stringify(value));
    return sentence(`${registry.host}/team/config`);
  };
  expect(await said('{')).toMatch(/^\S+config.json is not JSON: /);
  for (const value of [null, [], { auths: 'x' }, { auths: { [registry.host]: { auth: 5 } } }, { credsStore: 5 }])
    expect(await said(value)).toMatch(/^\S+config.json isn't as it must be: /);
  expect(await said({ credsStore: 'bad' })).toMatch(/^what docker-credential-bad answers isn't as it must be: /);
  expect(await said({ credsStore: 'none' })).toMatch(/^docker-credential-none, which .*, can't be run: .*ENOENT$/);
});

describe('login', once, () => {
  test('keeps a password in config.json that the registry takes, for its owner alone, and what else is there stays', async () => {
    registry.fault = basicAuth('me', 'secret');
    writeConfig({ auths: { 'other.example': { auth: 'eA==' } }, HttpHeaders: { a: 'b' } });
    const wrong = await typed(['login', '-u', 'me', '-p', 'wrong', registry.host]);
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stderr).toMatch(/unauthorized: incorrect username or password/);
    const right = await typed(['login', '-u', 'me', '--password-stdin', registry.host], 'secret\n');
    expect(right).toMatchObject({ exitCode: 0, stdout: 'Login Succeeded' });
    expect(right.stderr).toContain(`WARNING! Your credentials are stored unencrypted in '${config}'.`);
    expect(JSON.parse(readFileSync(config, 'utf8'))).toEqual({
      auths: { 'other.example': { auth: 'eA==' }, [registry.host]: { auth: base64('me:secret') } },
      HttpHeaders: { a: 'b' },
    });
    expect(statSync(config).mode & 0o777).toBe(0o600);
    expect((await typed(['login', registry.host])).stderr).toContain(
      'Authenticating with existing credentials... [Username: me]',
    );
    expect((await typed(['logout', registry.host])).stdout).toBe(`Removing login credentials for ${registry.host}`);
    expect((await typed(['logout', registry.host])).stdout).toBe(`Removing login credentials for ${registry.host}`);
    expect(JSON.parse(readFileSync(config, 'utf8'))).toEqual({
      auths: { 'other.example': { auth: 'eA==' } },
      HttpHeaders: { a: 'b' },
    });
  });

  test('gives a helper what to keep, and pull and logout ask it', async () => {
    registry.fault = basicAuth('me', 'secret');
    const kept = inRoot('kept');
    const programs = inRoot('programs');
    mkdirSync(programs, { recursive: true });
    const program = `#!/bin/sh\ncase $1 in\nstore) cat >${kept};;\nerase) cat >/dev/null; rm ${kept};;\nget) cat >/dev/null; cat ${kept} 2>/dev/null || { echo credentials not found in native keychain; exit 1; };;\nesac\n`;
    writeFileSync(join(programs, 'docker-credential-test'), program);
    chmodSync(join(programs, 'docker-credential-test'), 0o755);
    writeConfig({ credHelpers: { [registry.host]: 'test' } });
    const path = `${programs}:${process.env.PATH}`;
    const login = await typed(['login', '-u', 'me', '--password-stdin', registry.host], 'secret', path);
    expect(login).toMatchObject({ exitCode: 0, stdout: 'Login Succeeded', stderr: '' });
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toEqual({
      ServerURL: registry.host,
      Username: 'me',
      Secret: 'secret',
    });
    expect(readFileSync(config, 'utf8')).not.toContain(base64('me:secret'));
    vi.stubEnv('PATH', path);
    expect(await pulled(registry.keep('team/helper', newImage('helper')))).toMatchObject({ file: 'helper' });
    expect((await typed(['logout', registry.host], '', path)).stdout).toBe(
      `Removing login credentials for ${registry.host}`,
    );
    expect((await typed(['logout', registry.host], '', path)).stdout).toBe(
      `Removing login credentials for ${registry.host}`,
    );
  });

  test('at a registry that is not there, or is busy, ends as a pull does', async () => {
    const login = (host: string) => typed(['login', '-u', 'me', '--password-stdin', host], 'secret');
    expect((await login('127.0.0.1:1')).stderr).toBe(
      "boxstep: login denied: 127.0.0.1:1 can't be reached: ECONNREFUSED: nothing listens there",
    );
    let pings = 0;
    registry.fault = ({ path }, response) => path === '' && pings++ === 1 && fail(response, 503, 'BUSY', 'later');
    expect(await login(registry.host)).toMatchObject({ exitCode: 0, stdout: 'Login Succeeded' });
  });

  test('says in a sentence what is missing', async () => {
    const said = async (...args: string[]) => (await typed(['login', ...args])).stderr;
    expect(await said('--password-stdin')).toBe('boxstep: the --password-stdin option requires --username to be set');
    expect(await said('-p', 'x', '--password-stdin', '-u', 'x')).toBe(
      'boxstep: conflicting options: cannot specify both --password and --password-stdin',
    );
    expect(await said(registry.host)).toBe('boxstep: Cannot perform an interactive login from a non TTY device');
  });
});
