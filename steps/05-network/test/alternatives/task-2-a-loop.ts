// A loop that collects.
const { hostIp, host, inside, protocol } = partsOf(text);
const [first, last] = parsePorts(inside);
const [hostFirst, hostLast] = host === '' ? [0, 0] : parsePorts(host);
const ports: PublishedPort[] = [];
if (host !== '' && last > first && last - first !== hostLast - hostFirst) throw new Error(`not as many: ${text}`);
if (last === first && hostLast > hostFirst) {
  ports.push({ hostIp, hostPort: undefined, hostPorts: [hostFirst, hostLast], containerPort: first, protocol });
  return ports;
}
for (let port = first; port <= last; port++) {
  const from = host === '' ? 0 : hostFirst + port - first;
  ports.push({ hostIp, hostPort: from === 0 ? undefined : from, containerPort: port, protocol });
}
return ports;
