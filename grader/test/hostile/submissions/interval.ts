// keeps the process alive, and answers wrong
// told: expected .* to be|Object.is
setInterval(() => {}, 1000);
process.on('SIGTERM', () => {});
return -1;
