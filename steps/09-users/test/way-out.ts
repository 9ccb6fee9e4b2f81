import { connect } from 'node:net';
import { execa } from 'execa';

/** pasta copies what an interface has that leads out: the network namespace of the tests has none until this gives it one. */
export async function giveWayOut(): Promise<void> {
  const script = `ip link add up0 type veth peer name up1 && ip link set up1 up && ip addr add 192.0.2.1/24 dev up0 &&
    ip link set up0 up && ip route add default via 192.0.2.254 dev up0`;
  await execa('sh', ['-c', script], { reject: false });
}

/** What is answered at a port of this host's; nothing if nobody listens. */
export function answer(port: number): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1');
    socket
      .on('data', (bytes) => (text += bytes))
      .on('end', () => resolve(text))
      .on('error', () => resolve(text));
  });
}
