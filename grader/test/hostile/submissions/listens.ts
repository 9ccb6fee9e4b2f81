// opens a port
// told: expected
process.getBuiltinModule('node:dgram').createSocket('udp4').bind(0);
return -1;
