import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findHierarchies } from 'step-01';
import { CantDownload } from './cache.ts';
import { type FreshMachine, freshMachine } from './fresh-machine.ts';
import { fromNpm } from './npm.ts';

/** What a new user's machine may have: neither is the course's own, nor the newest. */
const NODE = '20.20.2';
const NPM = '10.9.4';

/** What Debian's installation has more than the smallest one; Node 26 needs libatomic. */
const PACKAGES = ['mount', 'sudo', 'libatomic1'];

/**
 * A fresh machine with Node and npm, and nothing else; its cgroups are mounted, as a machine's are at its start. Its user
 * `student` may become root by sudo(8).
 *
 * @param root - a directory that doesn't exist yet
 * @throws {CantDownload} without a network, the first time.
 */
export async function bareMachine(root: string): Promise<FreshMachine> {
  const machine = await freshMachine(root);
  const node = await fromNpm(`node-linux-${process.arch}`, NODE);
  cpSync(join(node, 'bin/node'), join(root, 'usr/local/bin/node'));
  const npm = join(root, 'usr/local/lib/node_modules/npm');
  cpSync(await fromNpm('npm', NPM), npm, { recursive: true });
  for (const name of ['npm', 'npx']) {
    chmodSync(join(npm, `bin/${name}-cli.js`), 0o755);
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(root, 'usr/local/bin', name));
  }
  const apt = 'apt-get update -qq && apt-get install -y -qq --no-install-recommends';
  const { exitCode, all } = await machine.run('sh', '-c', `${apt} ${PACKAGES.join(' ')}`);
  if (exitCode !== 0) throw new CantDownload(`Debian's packages can't be had: ${all}`);
  await machine.run('useradd', '--create-home', '--shell', '/bin/bash', 'student');
  mkdirSync(join(root, 'etc/sudoers.d'), { recursive: true });
  // Behind a proxy npm needs its certificate, under sudo, too.
  const rights = ['Defaults env_keep += "NODE_EXTRA_CA_CERTS"', 'student ALL=(ALL:ALL) NOPASSWD: ALL', ''];
  writeFileSync(join(root, 'etc/sudoers.d/student'), rights.join('\n'));
  writeFileSync(join(root, 'usr/local/sbin/start-cgroups'), startCgroups(), { mode: 0o755 });
  return { root, run: (...command) => machine.run('start-cgroups', ...command) };
}

/** Mounts what this machine has, where it has it. */
function startCgroups(): string {
  const hierarchies = findHierarchies().filter(({ version, controllers }) => version === 2 || controllers.length > 0);
  const several = hierarchies.some(({ version }) => version === 1);
  return [
    '#!/bin/sh -e',
    several ? 'mount -t tmpfs tmpfs /sys/fs/cgroup' : '# v2 alone',
    ...hierarchies.flatMap(({ version, mount, controllers }) => [
      `mkdir -p ${mount}`,
      `mount -t ${version === 2 ? 'cgroup2' : `cgroup -o ${controllers}`} cgroup ${mount}`,
    ]),
    'exec "$@"',
    '',
  ].join('\n');
}
