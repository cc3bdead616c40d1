export * from '@gradtape/autograd';
export * as data from '@gradtape/data';
export * as nn from '@gradtape/nn';
export * as optim from '@gradtape/optim';
export * as plot from '@gradtape/plot';
export * as train from '@gradtape/train';
