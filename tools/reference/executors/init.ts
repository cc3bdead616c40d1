import { Generator, Parameter, type Tensor, zeros } from '@gradtape/autograd';
import { dtypeOfRecord, type NamedRecord, type ReferenceCase } from '../format.ts';
import { find } from '../names.ts';
import { arrange } from '../signatures.ts';
import { type Executor, prefixed } from './executor.ts';
import { buildModule, nameIn } from './module.ts';
import { float64 } from './optimizer.ts';

/** What a distribution is called in the outputs, and its numbers. */
type Distribution = Readonly<Record<string, number>>;

/** Larger than what an initialiser would write itself. */
const FIRST_MARK = 1_000_000;

/** Notes what it is asked for, and gives marks in place of numbers: so an entry tells where it came from. */
class Recorder extends Generator {
  readonly #asked: Distribution[] = [];

  constructor() {
    super(0);
  }

  override uniform<Out extends Float32Array | Float64Array>(out: Out, low = 0, high = 1): Out {
    return this.#record(out, { 'uniform.low': low, 'uniform.high': high, std: (high - low) / Math.sqrt(12) });
  }

  override normal<Out extends Float32Array | Float64Array>(out: Out, mean = 0, std = 1): Out {
    return this.#record(out, { 'normal.mean': mean, std });
  }

  #record<Out extends Float32Array | Float64Array>(out: Out, distribution: Distribution): Out {
    this.#asked.push(distribution);
    out.fill(FIRST_MARK + this.#asked.length - 1);
    return out;
  }

  /** How the entries of a parameter came about: from one distribution, or constant. */
  describe(parameter: Parameter): Record<string, Tensor> {
    const marks = [...new Set(parameter.value.toTypedArray())];
    const sources = marks.map((mark) => this.#asked[mark - FIRST_MARK] ?? { constant: mark });
    const [source] = new Set(sources.map((each) => JSON.stringify(each))).size === 1 ? sources : [];
    const numbers = Object.entries(source ?? {}).map(([name, number]) => [name, float64(number)]);
    return { tensor: parameter.value, ...Object.fromEntries(numbers) };
  }
}

export const executeInit: Executor = (reference) => {
  const { op, attrs } = reference;
  if (reference.outputs.some(({ name }) => name.startsWith('truncated.'))) return sampleTruncated(reference);
  const recorder = new Recorder();
  const creation = { dtype: 'float64', generator: recorder };
  if (!op.startsWith('torch.nn.init.')) {
    const module = buildModule(op, attrs, creation);
    const parameters = new Map(module.namedParameters());
    const names = reference.outputs.flatMap(
      ({ name }) => /^param\.(.*?)\.(uniform\.|normal\.)?\w+$/.exec(name)?.[1] ?? [],
    );
    const described = [...new Set(names)].map((name) => {
      const parameter = parameters.get(nameIn(module, name));
      return parameter === undefined ? {} : prefixed(`param.${name}.`, recorder.describe(parameter));
    });
    return Object.assign({}, ...described);
  }
  const { shape, ...rest } = attrs;
  if (shape === undefined) return numbersOf(reference, callInit(op, rest));
  const parameter = new Parameter(zeros(shape, creation as { dtype: 'float64' }));
  return {
    ...numbersOf(reference, callInit(op, { tensor: parameter, ...rest, generator: recorder })),
    ...recorder.describe(parameter),
  };
};

function callInit(op: string, args: Readonly<Record<string, unknown>>): unknown {
  return (find(op) as (...args: unknown[]) => unknown)(...arrange(op, args));
}

/** Numbers that a function returned, one or several in the order of the outputs. */
function numbersOf({ outputs }: ReferenceCase, result: unknown): Record<string, Tensor> {
  const numbers = typeof result === 'number' ? [result] : Object.values((result ?? {}) as Record<string, number>);
  const pairs = numbers.map((number, i) => {
    const { name, ...record } = outputs[i] as NamedRecord;
    return [name, float64(number).to(dtypeOfRecord(record))];
  });
  return Object.fromEntries(pairs);
}

/** Draws many numbers, and confirms what is wanted where they agree with it, statistically. */
function sampleTruncated({ op, attrs, outputs }: ReferenceCase): Record<string, Tensor> {
  const { shape: _, ...rest } = attrs;
  const parameter = new Parameter(zeros([400, 500], { dtype: 'float64' }));
  callInit(op, { tensor: parameter, ...rest, generator: new Generator(0) });
  const drawn = parameter.value;
  const [low, high] = [drawn.amin().item(), drawn.amax().item()];
  const [mean, std] = [drawn.mean().item(), drawn.std().item()];
  const sixStandardErrors = (6 * std) / Math.sqrt(drawn.length);
  const agrees: Record<string, (wanted: number) => boolean> = {
    'truncated.low': (wanted) => low >= wanted,
    'truncated.high': (wanted) => high <= wanted,
    'truncated.mean': (wanted) => Math.abs(mean - wanted) < sixStandardErrors,
    std: (wanted) => Math.abs(std - wanted) < sixStandardErrors,
  };
  const confirmed = outputs.map(({ name, data: [wanted] }) => [
    name,
    float64(agrees[name]?.(wanted as number) ? (wanted as number) : Number.NaN),
  ]);
  return Object.fromEntries(confirmed);
}
