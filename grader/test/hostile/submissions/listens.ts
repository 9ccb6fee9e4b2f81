// opens a port
// told: threw|tried|ended
process.getBuiltinModule('node:dgram').createSocket('udp4').bind(0);
return -1;
