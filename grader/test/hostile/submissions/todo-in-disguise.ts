// throws what vitest throws when a test is to be skipped
// told: thrown
const skip = Object.assign(new Error('test is skipped; abort execution'), { code: 'VITEST_PENDING', taskId: '0' });
skip.name = 'PendingError';
throw skip;
