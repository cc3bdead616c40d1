export * from '@gradtape/autograd/explain';
