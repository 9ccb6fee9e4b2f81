// A list of the addresses that nobody can have.
const whole = block(cidr);
const offset = offsetIn(whole, address);
const taken: (bigint | undefined)[] = [undefined, 0n, offsetIn(whole, gateway)];
if (!cidr.includes(':')) taken.push(size(whole) - 1n);
return !taken.includes(offset);
