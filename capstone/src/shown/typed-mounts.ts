import { type Mount, Struct } from 'step-10';

/** What `--mount` asked for, as docker's API has it in `HostConfig.Mounts`: without what wasn't said. */
export function typedMount(mount: Mount): Struct {
  const { type, target, readOnly } = mount;
  return new Struct('mount.Mount', {
    Type: type,
    ...(sourceOf(mount) && { Source: sourceOf(mount) }),
    Target: target,
    ...(readOnly && { ReadOnly: true }),
    ...optionsOf(mount),
  });
}

function sourceOf(mount: Mount): string {
  if (mount.type === 'bind') return mount.source;
  return mount.type === 'volume' && !mount.anonymous ? mount.name : '';
}

function optionsOf(mount: Mount): Record<string, Struct> {
  if (mount.type === 'bind') {
    const { propagation, recursive, makeSource } = mount;
    return some('Bind', {
      ...(propagation !== 'rprivate' && { Propagation: propagation }),
      ...(!recursive && { NonRecursive: true }),
      ...(makeSource && { CreateMountpoint: true }),
    });
  }
  if (mount.type !== 'volume') return {};
  const { copy, labels, subpath, options } = mount;
  return some('Volume', {
    ...(!copy && { NoCopy: true }),
    ...(Object.keys(labels).length > 0 && { Labels: labels }),
    ...(options && { DriverConfig: new Struct('mount.Driver', { Options: options }) }),
    ...(subpath && { Subpath: subpath }),
  });
}

function some(kind: 'Bind' | 'Volume', fields: Record<string, unknown>): Record<string, Struct> {
  if (Object.keys(fields).length === 0) return {};
  return { [`${kind}Options`]: new Struct(`mount.${kind}Options`, fields) };
}
