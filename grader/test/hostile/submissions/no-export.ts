// whole file: has another function instead
// told: there is no exported function
export const something = 1;
