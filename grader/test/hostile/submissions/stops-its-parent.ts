// stops the process that started it
// told: tried to send a signal
process.kill(process.ppid || 1, 'SIGSTOP');
