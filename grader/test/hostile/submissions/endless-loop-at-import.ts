// whole file: goes on for ever as soon as it is loaded
// told: did not end in
for (;;) {}
