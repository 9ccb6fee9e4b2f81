import {
  appendFileSync,
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { flock, LOCK_EX, perform } from 'shared-native';
import { newDeed } from 'step-04';

/** A container, as others on its networks know it. */
interface Neighbour {
  /** Where its files are. */
  readonly etc: string;
  /** By network, the lines for /etc/hosts that it's found by there. */
  readonly lines: Readonly<Record<string, string>>;
  /** By network, what it alone calls others there: `NAME:ALIAS`. */
  readonly links?: Readonly<Record<string, readonly string[]>>;
  /** Lines about itself for its own /etc/hosts, which that doesn't have yet. */
  readonly own?: string;
}

// #region names that come and go
/** Introduces a container to the others on its networks, and them to it. */
export const introduce = newDeed<Neighbour>('introduce', {
  asShell: (one) => forEachHosts(one, (line) => `echo '${line}' >> $hosts`),
  carryOut(newcomer) {
    locked(newcomer, (others) => {
      for (const other of others) {
        appendFileSync(hostsOf(other), meeting(newcomer, other));
        appendFileSync(hostsOf(newcomer), meeting(other, newcomer));
      }
      if (newcomer.own) appendFileSync(hostsOf(newcomer), newcomer.own);
      const [before] = cardIn(newcomer.etc); // it may be on other networks
      const links = { ...before?.links, ...newcomer.links };
      leaveCard({ etc: newcomer.etc, lines: { ...before?.lines, ...newcomer.lines }, links });
    });
  },
});

/**
 * Makes the others on its networks forget a container, and it them. It may stay on other networks. Does nothing if they
 * never knew it.
 */
export const sayGoodbye = newDeed<Neighbour>('say-goodbye', {
  asShell: (one) => forEachHosts(one, (line) => `grep -vF '${line}' $hosts > rest; cat rest > $hosts`),
  carryOut(leaver) {
    if (!existsSync(leaver.etc)) return;
    locked(leaver, (others) => {
      const [before] = cardIn(leaver.etc);
      const stays = ([network]: [string, unknown]) => !Object.hasOwn(leaver.lines, network);
      const kept = <T>(all: Readonly<Record<string, T>> = {}) => Object.fromEntries(Object.entries(all).filter(stays));
      leaveCard({ etc: leaver.etc, lines: kept(before?.lines), links: kept(before?.links) });
      for (const other of others) removeLines(hostsOf(other), meeting(leaver, other));
      removeLines(hostsOf(leaver), [leaver.own ?? '', ...others.map((other) => meeting(other, leaver))].join(''));
    });
  },
});

function removeLines(path: string, lines: string): void {
  if (!existsSync(path)) return; // its container was killed before it had any
  const gone = new Set(lines.split('\n').filter((line) => line !== ''));
  const linesLeft = (text: string) => text.split('\n').filter((line) => !gone.has(line));
  overwriteMounted(path, (text) => linesLeft(text).join('\n'));
}

/**
 * Changes a file that is mounted in a container. A new file of the same name wouldn't be mounted there, so this one is
 * overwritten in place: first padded with newlines to its old length, so that nobody reads half a line.
 */
export function overwriteMounted(path: string, change: (text: string) => string): void {
  const before = readFileSync(path, 'latin1'); // byte for byte: the container may have written anything
  const after = change(before);
  if (after === before) return;
  const file = openSync(path, 'r+');
  writeSync(file, after.padEnd(before.length, '\n'), 0, 'latin1');
  ftruncateSync(file, after.length);
  closeSync(file);
}
// #endregion

/** The lines by which one is known on the networks that both are on. */
function meeting(one: Neighbour, other: Neighbour): string {
  return Object.entries(one.lines)
    .map(([network, lines]) =>
      Object.hasOwn(other.lines, network) ? lines + linked(lines, other.links?.[network] ?? []) : '',
    )
    .join('');
}

/** Further lines for somebody who calls one by another name. */
function linked(lines: string, links: readonly string[]): string {
  return links
    .map((link) => link.split(':'))
    .flatMap(([name = '', alias = name]) =>
      lines.split('\n').flatMap((line) => {
        const [address, ...names] = line.split(/\s+/);
        return names.includes(name) && !names.includes(alias) ? [`${address}\t${alias}\n`] : [];
      }),
    )
    .join('');
}

/** Does something with the others while none of them can come or go. */
function locked({ etc }: Neighbour, doing: (others: readonly Neighbour[]) => void): void {
  const street = dirname(etc);
  const lock = openSync(street, 'r');
  try {
    perform(flock(lock, LOCK_EX));
    doing(readdirSync(street).flatMap((name) => (join(street, name) === etc ? [] : cardIn(join(street, name)))));
  } finally {
    closeSync(lock);
  }
}

const CARD = 'neighbour.json';

function leaveCard(one: Neighbour): void {
  const path = join(one.etc, CARD);
  if (Object.keys(one.lines).length === 0) {
    rmSync(path, { force: true });
    return;
  }
  writeFileSync(`${path}~`, JSON.stringify(one));
  renameSync(`${path}~`, path); // whoever is killed meanwhile leaves no half of it, which others would read
}

function cardIn(etc: string): Neighbour[] {
  const path = join(etc, CARD);
  return existsSync(path) ? [JSON.parse(readFileSync(path, 'utf8'))] : [];
}

function hostsOf({ etc }: Neighbour): string {
  return join(etc, 'hosts');
}

function forEachHosts({ etc, lines }: Neighbour, doing: (line: string) => string): string {
  const all = Object.values(lines).flatMap((text) => text.trimEnd().split('\n'));
  return `for hosts in ${dirname(etc)}/*/hosts; do ${all.map(doing).join('; ')}; done  # of those on ${Object.keys(lines).join(', ')}`;
}
