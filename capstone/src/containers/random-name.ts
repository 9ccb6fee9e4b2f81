// Names as docker gives them: an adjective, and somebody to whom computing owes something.

const ADJECTIVES = `able agile amused awake balanced brave bright busy calm candid careful cheerful clever cosy curious daring
eager earnest easygoing elated fair fearless festive frosty gentle gifted graceful happy hardy helpful honest hopeful humble
jolly joyful keen kind lively loyal lucid mellow merry modest musing neat nimble patient peaceful playful polite proud quick
quiet quirky relaxed serene sharp sincere sleepy steady sunny sweet tender thrifty tidy upbeat vivid warm wise witty zesty`;

const PEOPLE = `allen babbage backus bell berners booth boyd brooks cerf church clarke codd conway cray dahl dijkstra
easley eckert engelbart estrin floyd gosling granville gray hamilton hamming holberton holmes hoare hopper iverson jennings johnson
kahn kare karp kay kernighan kilburn kildall knuth lamarr lamport lampson leibniz licklider liskov lovelace mauchly mccarthy
metcalfe milner minsky naur neumann newell noyce nygaard pascal perlis perlman ritchie rivest sammet shamir shannon shaw sifakis
spence stallman sutherland tarjan thompson torvalds turing wescoff wilkes wilkinson wirth zuse`;

const [adjectives, people] = [ADJECTIVES, PEOPLE].map((text) => text.split(/\s+/)) as [string[], string[]];

/** A name such as `quiet_hopper`. @param tries - how many were taken already: then a digit makes it rarer */
export function randomName(tries: number): string {
  const name = `${one(adjectives)}_${one(people)}`;
  return tries === 0 ? name : `${name}${randomInt(10)}`;
}

/** Another takes the name first now and then, so it needs no better chance than this. */
function randomInt(below: number): number {
  return Math.floor(Math.random() * below);
}

function one(words: readonly string[]): string {
  return words[randomInt(words.length)] as string;
}
