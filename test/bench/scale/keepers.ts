import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { create, remove, start } from '../../../capstone/src/index.ts';
import { startDaemon } from '../../../capstone/test/daemon.ts';
import { processStat } from '../../../steps/01-namespaces/src/index.ts';
import { runCommand } from '../command.ts';
import { inRoot } from '../images.ts';
import { bundlesIn } from './bundles.ts';

/** What starts containers, each with a process that stays with it. */
export interface Keeper {
  readonly name: string;
  /** Starts another container. @returns the number of the process that stays */
  another(): Promise<number>;
  /** Removes all of them. */
  close(): Promise<void>;
}

/** A container that has what docker's have, and no network. */
export function createIn(rootfs: string): string {
  return create({ image: rootfs, command: ['/wait'], flags: ['--network', 'none'] }).id;
}

/** Ours. @param root - where it keeps what it has */
export function ours(root: string, rootfs: string): Keeper {
  const ids: string[] = [];
  return {
    name: 'boxstep',
    another: () =>
      inRoot(root, async () => {
        const id = createIn(rootfs);
        ids.push(id);
        const { run } = (await start(id)).record;
        return run.status === 'begun' && run.shim ? run.shim.pid : 0;
      }),
    close: () =>
      inRoot(root, async () => {
        for (const id of ids.splice(0)) await remove(id, { force: true });
      }),
  };
}

/** runc, and the process that podman leaves with each container. */
export function conmon(directory: string, rootfs: string): Keeper {
  const bundles = bundlesIn(directory, rootfs);
  const state = `--root=${join(directory, 'state')}`;
  const runc = (...words: string[]) => runCommand({ name: 'runc', argv: ['runc', state, ...words], packages: 'runc' });
  return {
    name: 'runc, conmon',
    async another() {
      const { id, bundle } = bundles.another();
      const [pid, own] = [join(bundle, 'pid'), join(bundle, 'conmon.pid')];
      const runtime = ['--runtime', '/usr/bin/env', '--runtime-arg', 'runc', '--runtime-arg', state];
      const places = ['--bundle', bundle, '--exit-dir', bundle, '--socket-dir-path', bundle];
      const files = ['--log-path', join(bundle, 'log'), '--container-pidfile', pid, '--conmon-pidfile', own];
      const argv = ['conmon', '--cid', id, '--cuuid', id, ...runtime, ...places, ...files];
      await runCommand({ name: 'conmon', argv, packages: 'conmon', leaves: true });
      await numberIn(pid);
      await runc('start', id);
      return numberIn(own);
    },
    async close() {
      for (const { id } of bundles.made) await runc('delete', '--force', id);
      bundles.unmount();
    },
  };
}

/** runc, and the process that docker's containerd leaves with each container. */
export async function containerd(directory: string, rootfs: string): Promise<Keeper> {
  const bundles = bundlesIn(directory, rootfs);
  const config = join(directory, 'containerd.toml');
  writeFileSync(config, containerdConfig(join(directory, 'root')));
  const daemon = await startDaemon(['containerd', '-c', config], 'containerd successfully booted');
  const ctr = (...words: string[]) => runCommand({ name: 'ctr', argv: ['ctr', ...words] });
  return {
    name: 'runc, containerd-shim',
    async another() {
      const { id, bundle } = bundles.another();
      const [spec, pid, log] = [join(bundle, 'config.json'), join(bundle, 'pid'), join(bundle, 'log')];
      await ctr('run', '-d', '--config', spec, '--log-uri', `file://${log}`, '--pid-file', pid, id);
      return processStat(await numberIn(pid))?.parent ?? 0;
    },
    async close() {
      for (const { id } of bundles.made) {
        await ctr('task', 'rm', '--force', id);
        await ctr('container', 'rm', id);
      }
      await daemon.close();
      bundles.unmount();
    },
  };
}

function containerdConfig(root: string): string {
  const unused = ['grpc.v1.cri', 'snapshotter.v1.aufs', 'snapshotter.v1.btrfs'].map((name) => `io.containerd.${name}`);
  return `version = 2\nroot = "${root}"\nstate = "/run/containerd"\ndisabled_plugins = ${JSON.stringify(unused)}\n`;
}

/** The number that a file has, once it has one. */
async function numberIn(file: string): Promise<number> {
  for (let tries = 0; tries < 1000; tries++) {
    const number = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    if (number > 0) return number;
    await sleep(10);
  }
  throw new Error(`nobody has written a number into ${file} in 10 s`);
}
