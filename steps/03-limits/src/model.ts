export * from 'step-02/model';
