// returns 600 kB of text
// told: more than 128 KiB of text
return 'x'.repeat(600_000);
