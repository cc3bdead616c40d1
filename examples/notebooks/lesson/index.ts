export { type Claim, claim } from './claim.ts';
export { say, show, showTable } from './show.ts';
export { isShort, sized } from './sized.ts';
