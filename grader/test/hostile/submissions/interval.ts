// keeps the process alive, and answers wrong
// told: expected
setInterval(() => {}, 1000);
process.on('SIGTERM', () => {});
return -1;
