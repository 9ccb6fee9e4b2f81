import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { put, Struct } from 'step-10';
import { toldAs } from './told-as.ts';

/** The version in package.json. */
export function ownVersion(): string {
  const file = new URL('../../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** Go's name for this kind of processor. */
export function architecture(): string {
  return { x64: 'amd64' }[process.arch as 'x64'] ?? process.arch;
}

/** The version of docker's API whose answers these commands give. There is no API itself. */
const API = '1.51';
const OLDEST_API = '1.24';

/** What there is to say of this as of docker's client. */
export function clientVersion() {
  return {
    Version: ownVersion(),
    ApiVersion: API,
    DefaultAPIVersion: API,
    GitCommit: '',
    GoVersion: '',
    Os: 'linux',
    Arch: architecture(),
    BuildTime: '',
    Context: 'default',
  };
}

function serverVersion() {
  const { Version, Os, Arch } = clientVersion();
  const about = { ...{ Os, Arch, KernelVersion: release() }, ...{ GitCommit: '', GoVersion: '', BuildTime: '' } };
  const Details = { ApiVersion: API, MinAPIVersion: OLDEST_API, NodeVersion: process.versions.node, ...about };
  return {
    Platform: new Struct('struct { Name string }', { Name: 'Boxstep' }),
    Components: [new Struct('system.ComponentVersion', { Name: 'Engine', Version, Details })],
    ...{ Version, ApiVersion: API, MinAPIVersion: OLDEST_API, ...about },
  };
}

/** Shows which version this is: there is no daemon, so client and server are one. */
export function version({ format }: { readonly format?: string }): number {
  const byName = { APIVersion: API, Experimental: false }; // as Go has them, and JSON hasn't
  if (format) {
    const both = {
      Client: new Struct('system.clientVersion', clientVersion(), byName),
      Server: new Struct('system.serverVersion', serverVersion(), byName),
    };
    return toldAs(format, new Struct('system.versionInfo', both));
  }
  put(text());
  return 0;
}

function text(): string {
  const { Version, Os, Arch, Context } = clientVersion();
  const common = { 'Node version': process.versions.node, 'OS/Arch': `${Os}/${Arch}` };
  const client = { Version, 'API version': API, ...common, Context };
  const server = { Version, 'API version': `${API} (minimum version ${OLDEST_API})`, ...common };
  const kernel = { 'Kernel version': release() };
  return `Client:\n${rows(client, ' ')}\nServer: the same, since there is no daemon\n Engine:\n${rows({ ...server, ...kernel }, '  ')}`;
}

function rows(fields: Readonly<Record<string, string>>, margin: string): string {
  const lines = Object.entries(fields).map(([name, value]) => `${`${margin}${name}:`.padEnd(20)}${value}\n`);
  return lines.join('');
}
