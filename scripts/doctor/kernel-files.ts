/** One line of /proc/self/mountinfo, proc_pid_mountinfo(5). */
export interface Mount {
  target: string;
  type: string;
  /** Of the mount and of its superblock together. */
  options: string[];
}

export function parseMountinfo(text: string): Mount[] {
  return lines(text).flatMap((line) => {
    const fields = line.split(' ');
    // Optional fields end in a dash: only what is before and after it has a fixed place.
    const dash = fields.indexOf('-', 6);
    const [target, own, type, options] = [fields[4], fields[5], fields[dash + 1], fields[dash + 3]];
    if (dash < 0 || !target || !own || !type || !options) return [];
    return [{ target: decode(target), type, options: [...own.split(','), ...options.split(',')] }];
  });
}

/** /proc/cgroups, cgroups(7): the controllers this kernel has, and whether its command line left them on. */
export function parseCgroups(text: string): Map<string, { enabled: boolean }> {
  const rows = lines(text).filter((line) => !line.startsWith('#'));
  return new Map(
    rows.map((row) => {
      const [name = '', , , enabled] = row.split(/\s+/);
      return [name, { enabled: enabled === '1' }];
    }),
  );
}

/** A kernel release such as `6.8.0-45-generic` as major and minor. */
export function parseRelease(release: string): [number, number] {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  if (!major || !minor) throw new Error(`Expected a kernel release such as 6.8.0, got ${JSON.stringify(release)}`);
  return [Number(major), Number(minor)];
}

/** Whether a release is a version or a later one. */
export function atLeast(release: string, [major, minor]: [number, number]): boolean {
  const [ours, ourMinor] = parseRelease(release);
  return ours > major || (ours === major && ourMinor >= minor);
}

/** How many subordinate ids /etc/subuid or /etc/subgid gives a user, subuid(5); `users` is the name and the uid. */
export function subordinateIds(text: string, users: readonly string[]): number {
  const counts = lines(text)
    .map((line) => line.split(':'))
    .filter(([user = '']) => users.includes(user))
    .map(([, , count]) => Number(count));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Whether /proc/filesystems names a type. */
export function hasFilesystem(text: string, type: string): boolean {
  return lines(text).some((line) => line.split('\t').at(-1) === type);
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** Space, tab, newline and backslash are octal in mountinfo. */
function decode(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
