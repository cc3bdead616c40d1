import { type FusedFunction, fuse, type Tensor } from '@gradtape/autograd';

/**
 * Update rules that run in one pass over a parameter's memory. `write` gives the rule for a choice of switches (momentum
 * or none, weight decay or none); each choice is made once.
 */
export function fusedRules<Switches extends Record<string, boolean>>(
  write: (switches: Switches) => (...x: Tensor[]) => readonly Tensor[],
): (switches: Switches) => FusedFunction {
  const rules = new Map<string, FusedFunction>();
  return (switches) => {
    const key = Object.values(switches).join();
    const rule = rules.get(key) ?? fuse(write(switches));
    rules.set(key, rule);
    return rule;
  };
}
