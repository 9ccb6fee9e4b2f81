import { userInfo } from 'node:os';
import { readIfThere } from 'step-08';
import type { Maps } from '../maps.ts';
import { FILES } from '../ranges/subordinate.ts';
import { programNamed } from './program.ts';
import { rangesOf, rootIs } from './subordinate.ts';

/** Who is who in the user namespace of an ordinary user's commands: root is who typed them. */
export function ownMaps(): Maps {
  const [uid = 0, gid = 0] = [process.geteuid?.(), process.getegid?.()];
  const user = { name: nameOf(uid), uid };
  const [uids, gids] = [FILES.uids, FILES.gids].map((file) => rangesOf(readIfThere(file), user)) as [[], []];
  const isMany = uids.length > 0 && gids.length > 0 && hasPrograms();
  return { uids: rootIs(uid, isMany ? uids : []), gids: rootIs(gid, isMany ? gids : []) };
}

/** Is id 0 the only one? Then the maps were written without anybody's help, and nobody there may choose groups. */
export function isOne({ uids, gids }: Maps): boolean {
  return [...uids, ...gids].every(({ count }) => count === 1);
}

/** What gives an ordinary user more ids than one, as commands. */
export function howToHaveIds(): string {
  const name = nameOf(Number(process.env.BOXSTEP_UID ?? process.geteuid?.()));
  const install = hasPrograms() ? '' : 'sudo apt-get install uidmap && ';
  return `${install}sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${name}`;
}

function hasPrograms(): boolean {
  return programNamed('newuidmap') !== undefined && programNamed('newgidmap') !== undefined;
}

/** A uid without an entry in /etc/passwd has no name; and root of a user namespace is asked for another's. */
function nameOf(uid: number): string {
  const found = readIfThere('/etc/passwd').match(new RegExp(`^([^:\\n]*):[^:\\n]*:${uid}:`, 'm'));
  try {
    return found?.[1] ?? (process.geteuid?.() === uid ? userInfo().username : String(uid));
  } catch {
    return String(uid);
  }
}
