// ends the process behind the back of Node
// told: ended with status 7
process.reallyExit(7);
