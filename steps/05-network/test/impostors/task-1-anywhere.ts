// What isn't in the subnet is none of the three, and so it may be had.
const whole = block(cidr);
const offset = offsetIn(whole, address);
const taken = [0n, offsetIn(whole, gateway), whole.bits === 32 ? size(whole) - 1n : undefined];
return offset === undefined ? address !== '' : !taken.includes(offset);
