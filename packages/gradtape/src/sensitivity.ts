export * from '@gradtape/nn/sensitivity';
