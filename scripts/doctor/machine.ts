import { release } from 'node:os';
import { type Check, impossible, ok, type Result, warning } from './check.ts';
import { atLeast } from './kernel-files.ts';

const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };

export const machineChecks: Check[] = [
  { name: 'Linux', run: () => linux(process.platform) },
  { name: 'kernel', run: () => kernel(release()) },
  { name: 'machine', run: () => machine(process.arch) },
  { name: 'glibc', run: () => glibc(header.glibcVersionRuntime) },
  { name: 'Node', run: () => node(process.versions.node) },
  { name: 'koffi', run: () => koffi(() => import('../../shared-native/src/index.ts')) },
];

export function linux(platform: string): Result {
  if (platform === 'linux') return ok('yes');
  return impossible(platform, 'containers are made of Linux system calls', 'vagrant up && vagrant ssh');
}

export function kernel(version: string): Result {
  if (atLeast(version, [5, 11])) return ok(version);
  if (atLeast(version, [5, 9])) {
    return warning(version, 'step 8 as root only: a normal user may mount OverlayFS from Linux 5.11 on');
  }
  return impossible(version, 'every container makes close_range(2), which came with Linux 5.9: use a newer kernel');
}

export function machine(arch: string): Result {
  if (arch === 'x64' || arch === 'arm64') return ok(arch);
  return impossible(arch, 'the course knows the system calls of x86-64 and arm64 only: use one of those');
}

export function glibc(version: string | undefined): Result {
  if (version) return ok(version);
  return impossible(
    'none',
    "processes are started with glibc's clone(3); musl has another: use Debian, Ubuntu, Fedora",
  );
}

export function node(version: string): Result {
  if (Number.parseInt(version, 10) >= 26) return ok(version);
  return warning(version, 'the course is tested with Node 26, which its set-up brings', 'npm run doctor');
}

/** @param load what loads the native library, and fails if it can't */
export async function koffi(load: () => Promise<unknown>): Promise<Result> {
  try {
    await load();
    return ok('loads');
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return impossible(why, 'no system call can be made from JavaScript', 'rm -rf node_modules && npm run setup');
  }
}
