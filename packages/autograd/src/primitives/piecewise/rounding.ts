import type { Unary } from '../../core/typed-tensor.ts';
import type { Domain } from '../../tape/primitive.ts';
import { type Elementwise, liftUnary } from '../linear/align.ts';
import { step } from './degree.ts';

const betweenIntegers: Domain = { low: -3, high: 3, kinks: [-2.5, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5] };

/** -1, 0 or 1. Its derivative is taken to be 0 everywhere. */
export const sign: Elementwise<Unary> = liftUnary(step('sign', (m, x) => m.sign(x), { low: -3, high: 3, kinks: [0] }));
/** The largest whole number not above `x`. Its derivative is taken to be 0. */
export const floor: Elementwise<Unary> = liftUnary(step('floor', (m, x) => m.floor(x), betweenIntegers));
/** The smallest whole number not below `x`. Its derivative is taken to be 0. */
export const ceil: Elementwise<Unary> = liftUnary(step('ceil', (m, x) => m.ceil(x), betweenIntegers));
/** The whole number next to `x` towards zero. Its derivative is taken to be 0. */
export const trunc: Elementwise<Unary> = liftUnary(step('trunc', (m, x) => m.trunc(x), betweenIntegers));
/** The nearest whole number, halves to the even one. Its derivative is taken to be 0. */
export const round: Elementwise<Unary> = liftUnary(step('round', (m, x) => m.round(x), betweenIntegers));
