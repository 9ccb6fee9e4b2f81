import { type Key, key } from '../book/person.ts';

/** A file that lies loose among those of others: its name says whose it is. */
export interface Loose {
  /** Whose, as far as the name tells: the same for all files of theirs. */
  readonly who: string;
  readonly keys: readonly Key[];
  /** The name that they gave it. */
  readonly file: string;
  /** Does the platform say that it came too late? */
  readonly late?: true;
  /** `2026-11-20T23:59:00`, where the name tells. */
  readonly time?: string;
}

/**
 * How platforms name what they let one download:
 *
 * - Canvas `doejane_LATE_1234_5678_sizes.ts`: the name, the user's number, the file's
 * - Canvas, graded anonymously: `anon_x7Kq2_5678_sizes.ts`
 * - Moodle without folders: `Jane Doe_881234_assignsubmission_file_sizes.ts`
 * - Blackboard: `HW3_jdoe_attempt_2026-11-20-23-59-00_sizes.ts`
 */
const FORMS: readonly [RegExp, (parts: Record<string, string>) => Omit<Loose, 'file' | 'late'>][] = [
  [
    /^(?<name>.+)_(?<number>\d+)_assignsubmission_(?:file|onlinetext)_(?<file>.+)$/,
    ({ name = '', number = '' }) => ({
      who: `${name}_${number}`,
      keys: [...key('moodle', number), ...key('name', name)],
    }),
  ],
  [
    /^.*?(?<user>[^_]+)_attempt_(?<day>\d{4}-\d\d-\d\d)-(?<hour>\d\d)-(?<minute>\d\d)-(?<second>\d\d)_(?<file>.+)$/,
    ({ user = '', day, hour, minute, second }) => ({
      who: `${user}_${day}-${hour}-${minute}-${second}`,
      keys: [...key('sid', user), ...key('email', user)],
      time: `${day}T${hour}:${minute}:${second}`,
    }),
  ],
  [/^(?<late>LATE_)?anon_(?<number>\w+?)_\d+_(?<file>.+)$/, ({ number = '' }) => ({ who: `anon_${number}`, keys: [] })],
  [
    /^(?<name>[^_]+(?:_[^_]+)*?)_(?<late>LATE_)?(?<number>\d+)_\d+_(?<file>.+)$/,
    ({ name = '', number = '' }) => ({ who: `${name}_${number}`, keys: key('canvas', number) }),
  ],
];

/** Whose a file is, by its name; undefined where it says nothing. */
export function looseOf(name: string): Loose | undefined {
  for (const [form, read] of FORMS) {
    const groups = form.exec(name)?.groups;
    if (groups) return { ...read(groups), file: groups.file ?? '', ...(groups.late && { late: true }) };
  }
  return undefined;
}

/** What the name of a student's folder says of them, on each platform. */
export function keysOfFolder(folder: string): Key[] {
  const moodle = /^(.+)_(\d+)_assignsubmission_(?:file|onlinetext)_?$/.exec(folder);
  if (moodle) return [...key('moodle', moodle[2]), ...key('name', moodle[1])];
  return key('gradescope', /^submission_(\d+)$/.exec(folder)?.[1]);
}
