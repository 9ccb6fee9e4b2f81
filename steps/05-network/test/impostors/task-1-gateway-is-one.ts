// The gateway is taken for the first of the subnet, where the network says which it is.
const whole = block(cidr);
const offset = offsetIn(whole, address);
const isBroadcast = whole.bits === 32 && offset === size(whole) - 1n;
return offset !== undefined && offset > 1n && !isBroadcast && gateway !== '';
