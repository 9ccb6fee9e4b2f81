import { readIfThere } from 'step-08';
import { userNamespace } from '../user-namespace.ts';
import { type Range, without } from './range.ts';
import { FILES, subordinate } from './subordinate.ts';

/** The names to which a range of ids for containers may be given: podman's, and ours. */
const OWNERS = ['containers', 'boxstep'];

/**
 * Where ids come from if no name was given any: above all ids for people, up to the last one that systemd reserves for
 * containers (https://systemd.io/UIDS-GIDS).
 */
const ABOVE: Range = { first: 2 ** 30, count: 1_879_048_192 - 2 ** 30 };

// #region where ids come from
/**
 * The ids that containers may get: those that subuid(5) gives to `containers` or `boxstep`, or else those that nobody has. In
 * a user namespace, all its ids except root.
 */
export function pool(kind: 'uids' | 'gids', here = userNamespace()): Range[] {
  if (!here.isFirst)
    return here[kind].flatMap(({ inside, count }) => without({ first: inside, count }, [{ first: 0, count: 1 }]));
  const given = subordinate(kind);
  const owner = OWNERS.find((name) => given.some((one) => one.owner === name));
  if (owner !== undefined) return given.filter((one) => one.owner === owner);
  return without(ABOVE, [...given, ...accounts(kind)]);
}
// #endregion

/** The ids that a name was given. @throws {Error} if it was given none */
export function rangesOf(kind: 'uids' | 'gids', name: string): Range[] {
  const given = subordinate(kind).filter((one) => one.owner === name);
  if (given.length > 0) return given;
  throw new Error(
    `${FILES[kind]} gives ${name} no ids: add a line "${name}:FIRST:COUNT" (${kind === 'uids' ? 'usermod --add-subuids' : 'usermod --add-subgids'} writes it)`,
  );
}

/** The ids of people, which no range may have. */
function accounts(kind: 'uids' | 'gids'): Range[] {
  const lines = readIfThere(kind === 'uids' ? '/etc/passwd' : '/etc/group').split('\n');
  return lines.flatMap((line) => {
    const id = line.split(':')[2] ?? '';
    return /^\d+$/.test(id) ? [{ first: Number(id), count: 1 }] : [];
  });
}
