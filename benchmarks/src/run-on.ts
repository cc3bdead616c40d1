import { type Compiled, compile } from '@gradtape/autograd/compile';
import type { Engine, Run } from './engines.ts';

type Step = (...values: never[]) => unknown;

/** Makes steps run on an engine; `seen` is told of every function that is compiled. */
export function runOn(engine: Engine, seen: (step: Compiled<Step>) => void = () => {}): Run {
  if (engine === 'eager') return (step) => step;
  return (step) => {
    const compiled = compile(step, { engine: engine === 'native' ? 'native' : 'wasm' });
    seen(compiled);
    return compiled;
  };
}
