import { constants } from 'node:os';

const RTMIN = 34;
const RTMAX = 64;
/** Names that Node has no number for: those of Linux's alone, and an old one. */
const OTHERS: Readonly<Record<string, number>> = { CLD: constants.signals.SIGCHLD, RTMIN, RTMAX };

/**
 * The number of a signal as docker's flags name it: `TERM`, `SIGTERM`, `sigterm`, `15`, `RTMIN+3`.
 *
 * @throws {Error} if it is none
 */
export function signalNamed(text: string): number {
  const number = /^\+?\d+$/.test(text) ? Number(text) : byName(text.toUpperCase().replace(/^SIG/, ''));
  if (number !== undefined && number >= 1 && number <= RTMAX) return number;
  throw new Error(`invalid signal: ${text}\nit is a name or a number, such as SIGINT, 2 or RTMIN+3`);
}

function byName(name: string): number | undefined {
  const [, end, distance] = /^RT(MIN\+|MAX-)(\d+)$/.exec(name) ?? [];
  if (end === 'MIN+') return inRange(RTMIN + Number(distance));
  if (end === 'MAX-') return inRange(RTMAX - Number(distance));
  if (Object.hasOwn(OTHERS, name)) return OTHERS[name];
  const known = `SIG${name}`;
  return Object.hasOwn(constants.signals, known) ? constants.signals[known as NodeJS.Signals] : undefined;
}

function inRange(number: number): number | undefined {
  return number >= RTMIN && number <= RTMAX ? number : undefined;
}
