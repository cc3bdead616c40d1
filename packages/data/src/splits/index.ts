export { type Fold, type KFoldOptions, kFold, stratifiedKFold } from './k-fold.ts';
export { randomSplit } from './random-split.ts';
export { stratifiedSplit } from './stratified-split.ts';
