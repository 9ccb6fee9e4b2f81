// Every address that ends in 0 or 255 is refused, as if all subnets had 24 bits.
const offset = offsetIn(block(cidr), address);
return offset !== undefined && offset !== 0n && !/\.(0|255)$/.test(address) && offset !== offsetIn(block(cidr), gateway);
