// goes on for ever
// told: did not end in
for (;;) {}
