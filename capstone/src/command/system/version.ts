import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { fill, put, Struct } from 'step-10';
import { typedTemplate } from '../typed-template.ts';

/** The version in package.json. */
export function ownVersion(): string {
  const file = new URL('../../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** Go's name for this kind of processor. */
export function architecture(): string {
  return { x64: 'amd64' }[process.arch as 'x64'] ?? process.arch;
}

/** Shows which version this is: there is no daemon, so client and server are one. */
export function version({ format }: { readonly format?: string }): number {
  const about = { Version: ownVersion(), Os: 'linux', Arch: architecture(), KernelVersion: release() };
  const all = new Struct('system.versionInfo', {
    Client: new Struct('system.clientVersion', { ...about, NodeVersion: process.versions.node }),
    Server: new Struct('system.serverVersion', { ...about, NodeVersion: process.versions.node }),
  });
  if (format) put(`${fill(typedTemplate(format), all)}\n`);
  else put(`Client and server, since there is no daemon:\n${text({ ...about, Node: process.versions.node })}`);
  return 0;
}

function text(fields: Readonly<Record<string, string>>): string {
  const { Version = '', Node = '', Os, Arch, KernelVersion = '' } = fields;
  const lines = { Version, 'Node version': Node, 'OS/Arch': `${Os}/${Arch}`, 'Kernel version': KernelVersion };
  return Object.entries(lines)
    .map(([name, value]) => ` ${`${name}:`.padEnd(18)}${value}\n`)
    .join('');
}
