import { defaultRootfsPath } from 'step-01';

/** Flags of step 1 that are followed by a value. */
const VALUED = '(?:--(?:name|hostname|domainname|stop-signal|stop-timeout|root)|-h)';

/** What "run" has before its command. */
const FLAGS = `(?:\\s+(?:${VALUED}\\s+\\S+|-[^\\s;]+))*`;

/**
 * A command of an earlier step as an ordinary user types it: step 9 is the first that needs no root. What steps 1 to 4
 * leave to the host isn't what their tests are about: so their containers have no network, those of steps 1 to 3 standard
 * input, and step 1's the root that it makes.
 */
export function asStep9(words: readonly string[]): string[] {
  const [step = '', ...others] = words;
  if (!/^[1-8]$/.test(step)) return [...words];
  const before = others[0] === '--root' ? others.splice(0, 2) : [];
  const [command = '', ...rest] = others;
  if (before.length > 0) {
    const [nine = '', ...after] = asStep9([step, command, ...rest]);
    return [nine, ...before, ...after];
  }
  if (command !== 'run' && command !== 'plan') return ['9', command, ...rest];
  let flags = 0;
  while (step === '1' && rest[flags]?.startsWith('-'))
    flags += new RegExp(`^${VALUED}$`).test(rest[flags] ?? '') ? 2 : 1;
  const root = step === '1' && flags < rest.length ? [defaultRootfsPath()] : [];
  return ['9', command, ...inherits(step, command), ...rest.slice(0, flags), ...root, ...rest.slice(flags)];
}

/** The commands in a line for a shell, likewise. @param by - the words before each by which it is the user's */
export function lineAsStep9(line: string, by = ''): string {
  return line.replaceAll(COMMAND, (_, boxstep, step, command, flags) => {
    if (!command) return `${by}${boxstep} 9`;
    const words = [...asStep9([step, command]), ...(step === '1' ? [flags.trim(), defaultRootfsPath()] : [])];
    return `${by}${boxstep} ${words.filter(Boolean).join(' ')}${step === '1' ? '' : flags}`;
  });
}

const COMMAND = new RegExp(`((?:"\\$OLDPWD")?[^\\s'"]*/boxstep) ([1-8])\\b(?: (run|plan)\\b(${FLAGS}))?`, 'g');

/** What a container of that step has without a flag. */
function inherits(step: string, command: string): string[] {
  const standardInput = Number(step) < 4 && command === 'run' ? ['-i'] : [];
  return [...standardInput, ...(Number(step) < 5 ? ['--network', 'none'] : [])];
}
