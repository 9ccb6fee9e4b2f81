// kills the process that started it
// told: tried to send a signal
process.kill(process.ppid || 1, 'SIGKILL');
return 1;
