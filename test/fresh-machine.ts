import { copyFileSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { makeOnce } from 'step-01';
import { boxstep, REPOSITORY } from './boxstep.ts';
import { CantDownload, cached } from './cache.ts';
import { DEBIAN, RELEASE, unpacked } from './debian.ts';

/** Where the host keeps the certificates that it trusts; a proxy's own may be among them. */
const TRUSTED = '/etc/ssl/certs/ca-certificates.crt';

/** A Debian as it is just after its installation, with nothing but apt; what runs in it is a container of step 4's. */
export interface FreshMachine {
  /** Its root filesystem. */
  readonly root: string;
  /** Runs a command as root, on the host's network. It never rejects. */
  run(...command: string[]): ReturnType<typeof boxstep>;
}

/**
 * Makes a fresh machine with this repository in /boxstep.
 *
 * @param root - a directory that doesn't exist yet
 * @throws {CantDownload} without a network, the first time.
 */
export async function freshMachine(root: string): Promise<FreshMachine> {
  await execa`cp -a --reflink=auto ${await pristine()} ${root}`;
  await copySources(join(root, 'boxstep'));
  // Without it, dpkg waits for the disk at every file.
  writeFileSync(join(root, 'etc/dpkg/dpkg.cfg.d/unsafe-io'), 'force-unsafe-io\n');
  copyFileSync('/etc/resolv.conf', join(root, 'etc/resolv.conf'));
  const trust = existsSync(TRUSTED) ? ['-e', 'CURL_CA_BUNDLE=/host.crt', '-e', 'NODE_EXTRA_CA_CERTS=/host.crt'] : [];
  if (trust.length > 0) copyFileSync(TRUSTED, join(root, 'host.crt'));
  return { root, run: (...command) => boxstep('4', 'run', '--pids-limit', '-1', ...trust, root, ...command) };
}

/** What git has of this folder, as it is now. */
async function copySources(to: string): Promise<void> {
  const { stdout } = await execa({ cwd: REPOSITORY })`git ls-files -z --cached --others --exclude-standard`;
  for (const file of stdout.split('\0').filter((name) => name !== '' && existsSync(join(REPOSITORY, name)))) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(REPOSITORY, file), join(to, file), { verbatimSymlinks: true });
  }
}

/** Debian's smallest root filesystem with apt, made by mmdebstrap(1) and kept. */
async function pristine(): Promise<string> {
  const tools = await unpacked({ architecture: 'amd64', names: ['mmdebstrap'], dependencies: false }); // it's Perl
  const path = cached(`debian-${RELEASE}-machine`);
  const make = async (making: string) => {
    const words = ['--variant=apt', '--mode=root', '--format=directory', RELEASE, join(making, 'root'), DEBIAN];
    const { failed, all } = await execa('perl', [join(tools, 'usr/bin/mmdebstrap'), ...words], {
      all: true,
      reject: false,
    });
    if (failed) throw new CantDownload(`a Debian can't be had: mmdebstrap ${words.join(' ')}: ${all}`);
  };
  const isThere = (folder: string) => existsSync(join(folder, 'root/usr/bin/apt-get'));
  await makeOnce({ path, isThere, otherwise: 'holds no Debian', make });
  return join(path, 'root');
}
