/** By how much this machine is slower than others: a guest without KVM is, and says so in BOXSTEP_SLOW. */
export function slowness(): number {
  return Number(process.env.BOXSTEP_SLOW ?? 1);
}

/** How often that is tried which goes wrong by chance: `npm run test:all` has the time for all of it. */
export function tries(all: number): number {
  return process.env.BOXSTEP_FULL ? all : all / 10;
}
