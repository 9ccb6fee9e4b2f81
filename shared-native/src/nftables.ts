import { spawnSync } from 'node:child_process';
import { libnftables } from './machine/libnftables.ts';

/**
 * Gives commands to nftables, all of them or none: they are one transaction. By the library, or by the program where the
 * library is missing.
 *
 * @param commands - as in a file for nft(8)
 * @throws {Error} with what nft says of them; if neither library nor program is installed
 * @see {@link https://www.netfilter.org/projects/nftables/manpage.html | nft(8)}
 */
export function nft(commands: string): void {
  const { status, error } = libnftables()?.run(commands) ?? byProgram(commands);
  if (status === 0) return;
  throw new Error(`nft: ${error.trim()}${meaning(error)}`);
}

function byProgram(commands: string): { status: number; error: string } {
  const { error, status, stderr } = spawnSync('nft', ['-f', '-'], { input: commands, encoding: 'utf8' });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') {
    throw new Error(
      'nftables is not installed, which translates addresses and publishes ports: apt-get install nftables',
    );
  }
  if (error) throw error;
  return { status: status ?? -1, error: stderr };
}

function meaning(error: string): string {
  if (/not permitted/.test(error)) return ' (this takes CAP_NET_ADMIN in this network namespace: run as root)';
  if (/not supported/.test(error))
    return ' (this kernel lacks a part of nftables: modprobe nf_tables nft_nat nft_masq)';
  return '';
}
