export * from 'step-09/files';
