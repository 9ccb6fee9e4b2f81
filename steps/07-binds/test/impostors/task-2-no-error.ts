// The last of several counts, also where two were asked for.
const byTarget = new Map([...anonymous, ...fromOthers, ...named, ...tmpfs].map((mount) => [mount.target, mount]));
const depth = ({ target }: Mount) => target.split('/').length;
return [...byTarget.values()].sort((one, other) => depth(one) - depth(other));
