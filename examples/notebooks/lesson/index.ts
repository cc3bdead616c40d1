export { type Claim, claim } from './claim.ts';
export { median, overSeeds, spread } from './over-seeds.ts';
export { say, show, showTable } from './show.ts';
export { type Broken, showDiagnoses } from './show-diagnoses.ts';
export { isShort, sized } from './sized.ts';
