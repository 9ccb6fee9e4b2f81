// has its parent open a port to be inspected at
// told: EPERM|tried|thrown
(process as any)._debugProcess(process.ppid || 1);
return -1;
