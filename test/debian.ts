import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { makeOnce } from 'step-01';
import { CantDownload, cached } from './cache.ts';

/** The release that packages are taken from, on any Debian or Ubuntu machine. */
export const RELEASE = 'bookworm';

/** Where it is. */
export const DEBIAN = 'http://deb.debian.org/debian';

/** Debian's own keys: without them a package could be anybody's. Ubuntu's debian-archive-keyring has them, too. */
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Packages of Debian's, for this machine or another. */
export interface Packages {
  /** Another release than RELEASE. */
  readonly release?: string;
  readonly architecture: 'amd64' | 'arm64';
  readonly names: readonly string[];
  /** Also all that they depend on, down to the C library: then nothing of this machine's is needed. */
  readonly dependencies: boolean;
}

/**
 * A directory with packages unpacked in it, downloaded at the first use. Nothing is installed, apt's own lists and
 * settings are left alone, and it takes no root.
 *
 * @throws {CantDownload} without a network.
 */
export async function unpacked(packages: Packages, say: (line: string) => void = () => {}): Promise<string> {
  const key = createHash('sha256').update(JSON.stringify(packages)).digest('hex').slice(0, 12);
  const { release = RELEASE, architecture, names } = packages;
  const path = cached(`debian-${release}-${architecture}-${key}`);
  const isThere = (folder: string) => existsSync(join(folder, 'usr'));
  const make = (making: string) => {
    say(`downloading from Debian ${release}, this once: ${names.join(' ')}`);
    return unpack(packages, making);
  };
  await makeOnce({ path, isThere, otherwise: 'has nothing in it', make });
  return path;
}

async function unpack(packages: Packages, folder: string): Promise<void> {
  const apt = join(folder, 'apt');
  const debs = join(apt, 'cache/archives');
  mkdirSync(join(apt, 'lists/partial'), { recursive: true });
  mkdirSync(join(debs, 'partial'), { recursive: true });
  writeFileSync(join(apt, 'status'), ''); // no package is installed, as far as this apt knows
  writeFileSync(
    join(apt, 'sources.list'),
    `deb [signed-by=${KEYRING}] ${DEBIAN} ${packages.release ?? RELEASE} main\n`,
  );
  writeFileSync(join(apt, 'apt.conf'), configuration(apt, packages.architecture));
  await aptGet(apt, 'update');
  if (packages.dependencies) {
    await aptGet(apt, 'install', '--yes', '--download-only', '--no-install-recommends', ...packages.names);
  } else {
    await aptGet(apt, 'download', ...packages.names);
  }
  for (const name of readdirSync(debs).filter((file) => file.endsWith('.deb'))) {
    await execa('dpkg-deb', ['--extract', join(debs, name), folder]);
  }
  rmSync(apt, { recursive: true });
}

/** An apt of its own: apt.conf(5), apt-get(8). */
function configuration(apt: string, architecture: string): string {
  return `
Dir::State "${apt}";
Dir::State::status "${apt}/status";
Dir::Cache "${apt}/cache";
Dir::Etc::sourcelist "${apt}/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::preferencesparts "-";
APT::Architecture "${architecture}";
APT::Architectures { "${architecture}"; };
APT::Sandbox::User "";
Acquire::Retries "2";
Acquire::Languages "none";
`;
}

async function aptGet(apt: string, ...args: string[]): Promise<void> {
  const env = { APT_CONFIG: join(apt, 'apt.conf'), LC_ALL: 'C' };
  // By default, lists that could not be had are a warning.
  const words = ['--quiet=2', '--option', 'APT::Update::Error-Mode=any', ...args];
  const { failed, all } = await execa('apt-get', words, {
    env,
    cwd: join(apt, 'cache/archives'),
    all: true,
    reject: false,
  });
  if (failed) throw new CantDownload(`Debian's packages can't be had: apt-get ${args.join(' ')}: ${all}`);
}

/** What `unpacked` needs of the machine; null if all is there. */
export function withoutDebian(): string | null {
  if (!existsSync('/usr/bin/apt-get')) return "there is no apt-get, which downloads Debian's packages";
  if (!existsSync(KEYRING)) return `there is no ${KEYRING}: apt-get install debian-archive-keyring`;
  return null;
}

/** The command line of a program from packages with all their dependencies: with its own loader and libraries. */
export function program(folder: string, file: string): string[] {
  const libraries = ['lib', 'usr/lib'].map((lib) => join(folder, lib, 'x86_64-linux-gnu'));
  return [join(folder, 'lib64/ld-linux-x86-64.so.2'), '--library-path', libraries.join(':'), join(folder, file)];
}
