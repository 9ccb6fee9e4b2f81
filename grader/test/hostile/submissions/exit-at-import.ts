// whole file: ends the process as it is loaded
// told: loading .* ended with status 0
process.exit(0);
