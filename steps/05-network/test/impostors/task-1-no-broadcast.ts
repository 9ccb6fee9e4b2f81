// The last address of IPv4 is given away, which means all that are in the subnet.
const whole = block(cidr);
const offset = offsetIn(whole, address);
return offset !== undefined && offset !== 0n && offset !== offsetIn(whole, gateway);
