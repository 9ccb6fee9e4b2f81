import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Options } from '../../steps/01-namespaces/src/index.ts';
import { type Command, runCommand } from './command.ts';
import { COMMAND } from './warm.ts';

/** How the cgroups of the OCI runtimes’ containers begin. */
const CGROUP = 'boxstep-bench';

/** Other programs that start a container like step 01's: as much of it as each can do. */
export async function rivals(
  directory: string,
  options: Options,
): Promise<{ commands: Command[]; cleanUp(): Promise<void> }> {
  const { rootfs, hostname } = options;
  const bundle = makeBundle(join(directory, 'bundle'), options);
  const id = `boxstep-bench-${process.pid}`;
  const crun: Command = { name: 'crun', argv: ['crun', 'run', '--bundle', bundle, id], packages: 'crun' };
  const bwrap = [
    'bwrap',
    '--unshare-pid',
    '--unshare-uts',
    '--hostname',
    hostname,
    '--bind',
    rootfs,
    '/',
    '--proc',
    '/proc',
  ];
  const unshare = ['unshare', '--pid', '--mount', '--uts', '--fork', 'chroot', rootfs];
  return {
    commands: [
      { name: 'unshare + chroot', argv: [...unshare, COMMAND], packages: 'util-linux' },
      { name: 'bwrap', argv: [...bwrap, COMMAND], packages: 'bubblewrap' },
      { name: 'runc', argv: ['runc', 'run', '--bundle', bundle, id], packages: 'runc' },
      (await asAccepted(crun))(crun),
    ],
    cleanUp: () => remove(id),
  };
}

/** Removes the OCI runtimes' containers of a name, if they are still there. */
export async function remove(id: string): Promise<void> {
  for (const runtime of ['runc', 'crun']) {
    await runCommand({ name: runtime, argv: [runtime, 'delete', '--force', id] }).catch(() => {}); // mostly gone already
  }
}

/**
 * crun refuses a machine with v1 controllers and a v2 that has one, too. It accepts it where it can't see the v2.
 *
 * @param crun - a container that is tried
 * @returns what makes any of its commands one that it accepts
 */
export async function asAccepted(crun: Command): Promise<(command: Command) => Command> {
  const refusal = await runCommand(crun).then(
    () => '',
    (error: Error) => error.message,
  );
  if (!refusal.includes('hybrid')) return (command) => command;
  const script = 'umount /sys/fs/cgroup/unified && exec "$@"';
  return (command) => ({
    ...command,
    name: `${command.name} (in unshare --mount, without the v2 it refuses)`,
    argv: ['unshare', '--mount', 'sh', '-c', script, 'sh', ...command.argv],
  });
}

/** An OCI bundle with a copy of the rootfs, since the runtimes make devices in it. */
export function makeBundle(bundle: string, { rootfs, hostname, pidsLimit }: Options, args = [COMMAND]): string {
  mkdirSync(bundle);
  cpSync(rootfs, join(bundle, 'rootfs'), { recursive: true, verbatimSymlinks: true });
  const config = {
    ociVersion: '1.0.2',
    process: { terminal: false, user: { uid: 0, gid: 0 }, args, env: ['PATH=/bin'], cwd: '/' },
    root: { path: 'rootfs' },
    hostname,
    mounts: [{ destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'nodev', 'noexec'] }],
    linux: {
      cgroupsPath: `/${CGROUP}-${basename(bundle)}`,
      resources: { pids: { limit: pidsLimit } },
      namespaces: [{ type: 'pid' }, { type: 'mount' }, { type: 'uts' }],
    },
  };
  writeFileSync(join(bundle, 'config.json'), JSON.stringify(config));
  return bundle;
}
