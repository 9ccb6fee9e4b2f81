// The gateway is compared as text, and an address of IPv6 can be written in several ways.
const whole = block(cidr);
const offset = offsetIn(whole, address);
const isBroadcast = whole.bits === 32 && offset === size(whole) - 1n;
return offset !== undefined && offset !== 0n && !isBroadcast && address !== gateway;
