export * from '@gradtape/autograd/verify';
