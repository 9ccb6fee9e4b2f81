// whole file: has a rejection that nobody handles
// told: ended with status 1|threw
Promise.reject(new Error('later'));
export const quota = () => 1;
export const cpuWeight = quota;
export const swapAlone = quota;
