// whole file: has a rejection that nobody handles, which never comes to be noticed
// told: expected
Promise.reject(new Error('later'));
export const quota = () => 1;
export const cpuWeight = quota;
export const swapAlone = quota;
