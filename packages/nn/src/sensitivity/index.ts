export * from './every.ts';
export type { AnyRule, Rule, RuleDescription } from './rule.ts';
export { rules } from './rules.ts';
