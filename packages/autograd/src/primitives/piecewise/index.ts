export * from './comparison.ts';
export * from './extremes.ts';
export * from './kinked.ts';
export * from './power.ts';
export * from './rounding.ts';
