import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createPlainServer } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { asAUser, BOXSTEP, inRoot } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { Authority } from './registry/certificates.ts';
import { newImage, pulled, sentence } from './registry/pulling.ts';
import { TestRegistry } from './registry/server.ts';

/** Not this machine's loopback: what is there may be without TLS. It's the address of this file's network namespace alone. */
const ADDRESS = '192.0.2.7';
const once = { tags: ['once'] };

let directory: string;
let authority: Authority;
let registry: TestRegistry | undefined;

beforeAll(() => {
  vi.stubEnv('DOCKER_CONFIG', inRoot('docker'));
  vi.stubEnv('XDG_CONFIG_HOME', inRoot('config'));
});
beforeEach((context) => {
  needs('root', 'overlay', 'openssl')(context);
  vi.stubEnv('BOXSTEP_REGISTRIES', '');
  if (authority) return;
  execFileSync('ip', ['addr', 'add', `${ADDRESS}/32`, 'dev', 'lo']);
  directory = inRoot('certificates');
  mkdirSync(directory);
  authority = new Authority(directory);
});
afterEach(async () => {
  await registry?.close();
  registry = undefined;
  rmSync(inRoot('config'), { recursive: true, force: true });
});
afterAll(() => vi.unstubAllEnvs());

/** As docker has it without root: what is put there for one registry. */
function putFor(host: string, name: string, text: string): void {
  const file = join(inRoot('config'), 'docker/certs.d', host, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function insecure(host: string): void {
  const file = join(directory, 'registries.json');
  writeFileSync(file, JSON.stringify({ 'insecure-registries': [host] }));
  vi.stubEnv('BOXSTEP_REGISTRIES', file);
}

describe('a registry with TLS', once, () => {
  test('is believed if its certificate is signed by the authority that was put there for it', async () => {
    const { host, name } = await started('tls-ca');
    putFor(host, 'ca.crt', authority.cert);
    expect(await pulled(name)).toMatchObject({ file: 'tls-ca' });
  });

  test('is not believed if nobody knows who signed its certificate, in a sentence that says what to do', async () => {
    const { host, name } = await started('tls-unknown');
    expect(await sentence(name)).toMatch(/CERT_IN_CHAIN|LEAF_SIGNATURE|ISSUER/);
    expect(await sentence(name)).toContain(`signed with in /etc/docker/certs.d/${host}/ca.crt`);
    expect(registry?.asked).toEqual([]);
  });

  test('is not believed for what was put there for another registry', async () => {
    const { host, name } = await started('tls-other');
    putFor(`other.example${host.slice(host.indexOf(':'))}`, 'ca.crt', authority.cert);
    expect(await sentence(name)).toContain(`signed with in /etc/docker/certs.d/${host}/ca.crt`);
  });

  test('is not believed if its certificate is for another host', async () => {
    const { host, name } = await started('tls-host', 'DNS:other.example');
    putFor(host, 'ca.crt', authority.cert);
    const why = await sentence(name);
    expect(why).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(why).not.toContain('certs.d'); // another authority wouldn't help
  });

  test('is believed with any certificate, if it is named in insecure-registries', async () => {
    const { host, name } = await started('tls-insecure');
    insecure(host);
    expect(await pulled(name)).toMatchObject({ file: 'tls-insecure' });
  });

  test('is shown the certificate that was put there for it, if it wants one', async () => {
    const { cert, key } = authority.sign('client', 'DNS:client');
    const wanting = { requestCert: true, rejectUnauthorized: true, ca: authority.cert };
    const { host, name } = await started('tls-client', `IP:${ADDRESS}`, wanting);
    putFor(host, 'ca.crt', authority.cert);
    expect(await sentence(name)).toContain(`${host} can't be reached: `);
    const other = authority.sign('other', 'DNS:other');
    putFor(host, 'another.key', other.key);
    putFor(host, 'client.cert', cert);
    expect(await sentence(name)).toContain('missing client certificate another.cert for key another.key');
    putFor(host, 'another.cert', other.cert);
    expect(await sentence(name)).toContain(
      'missing key client.key for client certificate client.cert. CA certificates must use the extension .crt',
    );
    putFor(host, 'client.key', key);
    expect(await pulled(name)).toMatchObject({ file: 'tls-client' });
  });

  test('is believed if SSL_CERT_FILE names the authority', async () => {
    const { name } = await started('tls-env');
    const user = asAUser();
    const pull = (env: NodeJS.ProcessEnv) =>
      execa(BOXSTEP, ['pull', '-q', name], { ...user, env: { ...user.env, ...env } });
    expect((await pull({})).stderr).toContain('certs.d');
    expect((await pull({ SSL_CERT_FILE: join(directory, 'ca.crt') })).all).toBe(`${name}:latest`);
  });
});

describe('a registry without TLS', once, () => {
  test('that is another machine is asked only if it is named in insecure-registries', async () => {
    registry = await TestRegistry.start(createPlainServer(), ADDRESS);
    const name = registry.keep('plain', newImage('plain'));
    expect(await sentence(name)).toContain('if it may be without, name it in insecure-registries');
    expect(registry.asked).toEqual([]);
    insecure(registry.host);
    expect(await pulled(name)).toMatchObject({ file: 'plain' });
  });
});

/** One with an image. @param subject - whom its certificate is for */
async function started(word: string, subject = `IP:${ADDRESS}`, options: ServerOptions = {}) {
  registry = await TestRegistry.start(createServer({ ...authority.sign(word, subject), ...options }), ADDRESS);
  return { host: registry.host, name: registry.keep(word, newImage(word)) };
}
