// catches whatever there is to be caught, and goes on
// told: did not end in
process.on('uncaughtException', () => {});
for (;;) { try { (function deeper(): number { return deeper() + 1; })(); } catch {} }
