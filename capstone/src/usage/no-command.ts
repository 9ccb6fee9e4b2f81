const BUILD = 'images are not built from a Dockerfile here: "commit" and "import" make them';

/** docker's commands that aren't here, and why. */
const NOT_HERE: Readonly<Record<string, string>> = {
  checkpoint: 'it takes CRIU, which isn’t part of this course',
  compose: 'it is a separate program',
  manifest: '"image inspect" shows what a registry’s manifest has become',
  trust: 'docker itself has given it up',
  ...{ bake: BUILD, build: BUILD, buildx: BUILD },
};

/** A line to add if it is docker's. @param name - as it was typed: `./boxstep build` */
export function whyNoCommand(name: string): string {
  const word = name.split(' ').at(-1) ?? '';
  return Object.hasOwn(NOT_HERE, word) ? `\n${notHere(word, NOT_HERE[word] ?? '')}` : '';
}

/** Says of a command, or of a group of them, why it isn't here. */
export function notHere(word: string, why: string): string {
  return `"${word}" is a command of docker’s that isn’t here: ${why}`;
}
