import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { addressText } from 'shared-native';
import { journalNames, runningContainer } from 'step-04';
import type { Protocol, PublishedPort } from '../network.ts';

/**
 * Who has a port: `nginx (PID 123)`, or `container "web"` of ours.
 *
 * @returns undefined if nobody can be found
 * @see {@link https://man7.org/linux/man-pages/man5/proc_pid_net.5.html | proc_pid_net(5)}
 */
export function ownerOf(protocol: Protocol, address: string, port: number): string | undefined {
  const sockets = ['', '6'].flatMap((six) => socketsIn(`/proc/self/net/${protocol}${six}`));
  const found = sockets.filter((one) => one.port === port && meets(one.address, address));
  for (const { inode } of found.sort((one, other) => Number(other.listens) - Number(one.listens))) {
    const owner = processWith(`socket:[${inode}]`);
    if (owner !== undefined) return owner;
  }
  return publisherOf(protocol, port);
}

/** The container of ours that has published a port: its socket doesn't listen, and so it's in no list. */
function publisherOf(protocol: Protocol, port: number): string | undefined {
  const found = journalNames().find((name) =>
    portsOf(name).some((one) => one.protocol === protocol && one.hostPort === port),
  );
  return found === undefined ? undefined : `container "${found}"`;
}

function portsOf(container: string): readonly PublishedPort[] {
  try {
    return (runningContainer(container).options.ports as readonly PublishedPort[] | undefined) ?? [];
  } catch {
    return []; // it isn't running, or not yet its command
  }
}

interface Socket {
  readonly address: string;
  readonly port: number;
  readonly inode: string;
  readonly listens: boolean;
}

/** The sockets in a list of the kernel's: the second word is `0100007F:1F90`, the fourth the state, the tenth the inode. */
function socketsIn(list: string): Socket[] {
  return lines(list).flatMap((line) => {
    const [, local = '', , state, , , , , , inode = '0'] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    if (inode === '0') return []; // closed, and only remembered
    return [{ address: addressIn(address), port: Number.parseInt(port, 16), inode, listens: state === LISTEN }];
  });
}

const LISTEN = '0A';

/** An address in words of 32 bits, each as this machine has it. */
function addressIn(hexadecimal: string): string {
  const words = hexadecimal.match(/.{8}/g) ?? [];
  return addressText(Uint8Array.from(words.flatMap((word) => [...Buffer.from(word, 'hex').reverse()])));
}

/** Can't both be taken? All addresses of IPv6 may be those of IPv4 as well. */
function meets(one: string, other: string): boolean {
  return one === other || ['0.0.0.0', '::'].includes(one) || other === '0.0.0.0' || other === '::';
}

function processWith(link: string): string | undefined {
  const found = entries('/proc')
    .filter((name) => /^\d+$/.test(name))
    .find((pid) => linksOf(pid).includes(link));
  if (found === undefined) return undefined;
  const [program = ''] = read(`/proc/${found}/cmdline`).split('\0', 1);
  return `${basename(program) || read(`/proc/${found}/comm`).trim()} (PID ${found})`;
}

function linksOf(pid: string): string[] {
  const directory = `/proc/${pid}/fd`;
  return entries(directory).flatMap((fd) => {
    try {
      return [readlinkSync(`${directory}/${fd}`)];
    } catch {
      return []; // closed just now
    }
  });
}

function lines(list: string): string[] {
  return read(list).split('\n').slice(1).filter(Boolean);
}

/** What a process has of something, if it is there still, and may be looked at. */
function entries(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
