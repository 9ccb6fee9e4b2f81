// Which of the four kinds it is, first.
const parts = partsOf(text);
const { hostIp, protocol } = parts;
const inside = parsePorts(parts.inside);
const outside = parts.host === '' ? undefined : parsePorts(parts.host);
const length = ([one, other]: readonly [number, number]) => other - one;
const all = [...Array(length(inside) + 1).keys()].map((nth) => inside[0] + nth);
if (!outside) return all.map((containerPort) => ({ hostIp, hostPort: undefined, containerPort, protocol }));
if (length(inside) === 0 && length(outside) > 0)
  return [{ hostIp, hostPort: undefined, hostPorts: outside, containerPort: inside[0], protocol }];
if (length(inside) !== length(outside)) throw new Error('these ranges are not as long as each other');
return all.map((containerPort, nth) => {
  const hostPort = outside[0] + nth;
  return hostPort === 0 ? { hostIp, hostPort: undefined, containerPort, protocol } : { hostIp, hostPort, containerPort, protocol };
});
