/**
 * What mountinfo shows, so that two kernels' can be compared: each mount with its place in the tree, and peer groups numbered as
 * they appear. Numbers of mounts and devices differ, and what a filesystem tells of itself beyond `ro`.
 */
export function comparable(mountinfo: string): string {
  const mounts = mountinfo.split('\n').filter(Boolean).map(parse);
  const depth = (mount: Parsed): number => {
    const parent = mounts.find(({ id }) => id === mount.parent && id !== mount.id);
    return parent ? 1 + depth(parent) : 0;
  };
  const sorted = mounts
    .map((mount) => ({ mount, depth: depth(mount) }))
    .sort((one, other) => compare(one.mount.path, other.mount.path) || one.depth - other.depth);
  const groups = new Map<string, string>();
  const renamed = (tag: string) => {
    const [kind = '', number = ''] = tag.split(':');
    if (!groups.has(number)) groups.set(number, String(groups.size + 1));
    return `${kind}:${groups.get(number)}`;
  };
  return sorted
    .map(({ mount, depth }) => {
      const tags = mount.tags.filter((tag) => !tag.startsWith('propagate_from'));
      const groups = tags.map((tag) => (tag.includes(':') ? renamed(tag) : tag));
      return [depth, mount.path, mount.root, mount.flags, ...groups, mount.type, mount.source, mount.access].join(' ');
    })
    .join('\n');
}

interface Parsed {
  readonly id: string;
  readonly parent: string;
  readonly root: string;
  readonly path: string;
  readonly flags: string;
  readonly tags: readonly string[];
  readonly type: string;
  readonly source: string;
  readonly access: string;
}

function parse(line: string): Parsed {
  const [where = '', what = ''] = line.split(' - ');
  const [id = '', parent = '', , root = '', path = '', flags = '', ...tags] = where.split(' ');
  const [type = '', source = '', options = ''] = what.split(' ');
  const numberless = root.replace(/^(\w+):\[\d+\]$/, '$1'); // the file of a namespace
  return { id, parent, root: numberless, path, flags, tags, type, source, access: options.split(',')[0] ?? '' };
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
