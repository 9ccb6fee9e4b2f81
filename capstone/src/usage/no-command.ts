const SWARM = 'containers of one machine are all there is, without a swarm';
const BUILD = 'images are not built from a Dockerfile here: "commit" and "import" make them';

/** docker's commands that aren't here, and why. */
const NOT_HERE: Readonly<Record<string, string>> = {
  checkpoint: 'it takes CRIU, which isn’t part of this course',
  compose: 'it is a separate program',
  manifest: '"image inspect" shows what a registry’s manifest has become',
  trust: 'docker itself has given it up',
  ...Object.fromEntries(['bake', 'build', 'builder', 'buildx'].map((name) => [name, BUILD])),
  ...Object.fromEntries(['config', 'node', 'secret', 'service', 'stack', 'swarm'].map((name) => [name, SWARM])),
};

/** A line to add if it is docker's. @param name - as it was typed: `./boxstep build` */
export function whyNoCommand(name: string): string {
  const word = name.split(' ').at(-1) ?? '';
  return Object.hasOwn(NOT_HERE, word) ? `\n"${word}" is a command of docker’s that isn’t here: ${NOT_HERE[word]}` : '';
}
