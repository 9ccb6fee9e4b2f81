// Counted from the end for the last one.
const whole = block(cidr);
const offset = offsetIn(whole, address);
const left = offset === undefined ? 0n : size(whole) - offset;
const least = cidr.includes('.') ? 2n : 1n;
return Boolean(offset) && left >= least && addressAt(whole, offset as bigint) !== addressAt(whole, offsetIn(whole, gateway) ?? 0n);
