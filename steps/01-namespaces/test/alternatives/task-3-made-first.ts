// It makes sure that there is a cgroup to pass on from.
import { mkdirp as make } from './engine/action.ts';
if (hierarchy.version === 1) return [];
const to = (cgroup: string) => write(`+${controller}`, join(cgroup, 'cgroup.subtree_control'));
return [to(hierarchy.mount), make(hierarchy.parent), to(hierarchy.parent)];
