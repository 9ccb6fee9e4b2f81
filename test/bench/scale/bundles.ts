import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exampleConfig } from '../../../capstone/src/oci/command/spec.ts';
import {
  CLONE_NEWNS,
  MNT_DETACH,
  MS_PRIVATE,
  MS_REC,
  mount,
  perform,
  umount2,
  unshare,
} from '../../../shared-native/src/index.ts';
import { DOCKERS_DEFAULT } from '../../../steps/10-capabilities/src/seccomp/default.ts';

/** Gives this process, and what it starts, mounts of their own, which end with them; and a /run with nothing of others. */
export function liveApart(): void {
  perform(unshare(CLONE_NEWNS));
  perform(mount(null, '/', null, MS_REC | MS_PRIVATE));
  perform(mount('tmpfs', '/run', 'tmpfs', 0));
}

/** Containers for an OCI runtime, each with layers of its own over a rootfs, and the same isolation that ours have. */
export function bundlesIn(directory: string, rootfs: string) {
  mkdirSync(directory);
  const made: { readonly id: string; readonly bundle: string }[] = [];
  return {
    made,
    another() {
      const id = `boxstep-bench-${process.pid}-${made.length}`;
      const bundle = join(directory, id);
      for (const name of ['', 'upper', 'work', 'rootfs']) mkdirSync(join(bundle, name));
      const layers = `lowerdir=${rootfs},upperdir=${join(bundle, 'upper')},workdir=${join(bundle, 'work')}`;
      perform(mount('overlay', join(bundle, 'rootfs'), 'overlay', 0, layers));
      writeFileSync(join(bundle, 'config.json'), JSON.stringify(configOf(id, join(bundle, 'rootfs'))));
      made.push({ id, bundle });
      return { id, bundle };
    },
    unmount() {
      for (const { bundle } of made) perform(umount2(join(bundle, 'rootfs'), MNT_DETACH));
    },
  };
}

function configOf(id: string, rootfs: string): object {
  const { process, linux, ...example } = exampleConfig() as { process: object; linux: object };
  return {
    ...example,
    process: { ...process, terminal: false, args: ['/wait'] },
    root: { path: rootfs },
    linux: { ...linux, cgroupsPath: `/${id}`, seccomp: seccomp() },
  };
}

/** Docker's profile as OCI runtimes have it: without conditions, here those of a container with the usual capabilities. */
function seccomp(): object {
  const { defaultAction, defaultErrnoRet, archMap, syscalls } = DOCKERS_DEFAULT;
  const own = process.arch === 'x64' ? 'SCMP_ARCH_X86_64' : 'SCMP_ARCH_AARCH64';
  const { architecture = own, subArchitectures } = archMap?.find((one) => one.architecture === own) ?? {};
  const rules = (syscalls ?? []).filter(({ includes }) => !includes?.caps && !includes?.arches);
  return {
    defaultAction,
    defaultErrnoRet,
    architectures: [architecture, ...(subArchitectures ?? [])],
    syscalls: rules.map(({ includes, excludes, ...rule }) => rule),
  };
}
