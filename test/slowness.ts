/** By how much this machine is slower than others: a guest without KVM is, and says so in BOXSTEP_SLOW. */
export function slowness(): number {
  return Number(process.env.BOXSTEP_SLOW ?? 1);
}
