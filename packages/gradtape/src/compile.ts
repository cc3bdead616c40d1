export * from '@gradtape/autograd/compile';
