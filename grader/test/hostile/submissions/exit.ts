// ends the process, as if all were well
// told: ended with status 0: does something call process.exit
process.exit(0);
