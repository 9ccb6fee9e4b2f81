// IPv6 has no broadcast: its last address is one like any other.
const whole = block(cidr);
const offset = offsetIn(whole, address);
return offset !== undefined && offset !== 0n && offset !== size(whole) - 1n && offset !== offsetIn(whole, gateway);
