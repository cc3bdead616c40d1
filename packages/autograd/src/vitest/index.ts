export { type GradientMatchers, gradientMatchers, type MatchGradientOptions } from './gradient-matchers.ts';
