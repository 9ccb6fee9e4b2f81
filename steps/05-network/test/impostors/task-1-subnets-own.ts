// Number 0 is given away, which means the subnet itself.
const whole = block(cidr);
const offset = offsetIn(whole, address);
const isBroadcast = whole.bits === 32 && offset === size(whole) - 1n;
return offset !== undefined && !isBroadcast && offset !== offsetIn(whole, gateway);
