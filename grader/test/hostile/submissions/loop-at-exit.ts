// ends, and has a handler for the end that never ends
// told: did not end in
process.on('exit', () => { for (;;) {} });
process.exit(0);
