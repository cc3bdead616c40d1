/** What reference cases name and gradtape does not have yet. The test holds this list to what is really absent. */
export const absent: readonly string[] = [
  'torch.optim.LBFGS',
  'torch.optim.lr_scheduler.ChainedScheduler',
  'torch.optim.lr_scheduler.ConstantLR',
  'torch.optim.lr_scheduler.CosineAnnealingLR',
  'torch.optim.lr_scheduler.CosineAnnealingWarmRestarts',
  'torch.optim.lr_scheduler.CyclicLR',
  'torch.optim.lr_scheduler.ExponentialLR',
  'torch.optim.lr_scheduler.LinearLR',
  'torch.optim.lr_scheduler.MultiStepLR',
  'torch.optim.lr_scheduler.MultiplicativeLR',
  'torch.optim.lr_scheduler.OneCycleLR',
  'torch.optim.lr_scheduler.PolynomialLR',
  'torch.optim.lr_scheduler.ReduceLROnPlateau',
  'torch.optim.lr_scheduler.SequentialLR',
];
