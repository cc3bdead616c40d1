import { entriesOf } from '../../core/shape.ts';
import { vectorScalarMath } from '../../kernels/elementary/vector-scalar-math.ts';
import type { ElementType, VectorMath } from '../../kernels/vector-math.ts';
import type { LoopStage } from '../stages.ts';

/** Nanoseconds that an instruction takes, about, with vectors of 16 bytes. */
const INSTRUCTION = 0.25;
const VECTOR_BYTES = 16;
/** Dividing and taking roots keep a processor busy as long as so many other instructions, a function of a library longer. */
const SLOW = 4;
const CALL = 100;

/** About how many nanoseconds the loops of a stage take, by the instructions that its formulas become. */
export function loopCost(stage: LoopStage): number {
  const lanes = VECTOR_BYTES / (stage.elementType === 'float32' ? 4 : 8);
  return (INSTRUCTION * instructionsOf(stage) * entriesOf(stage.shape)) / lanes;
}

/** Instructions for one vector of entries; reading an operand is one, too. */
function instructionsOf({ steps, elementType }: LoopStage): number {
  let count = 0;
  const math = vectorScalarMath(countingVectors(elementType, (instructions) => (count += instructions)));
  const value = math.fromNumbers('vector');
  for (const step of steps) {
    if (step.kind === 'map') step.formula(math, ...step.operands.map(() => value));
    else step.combine(math, value, value);
    const operands = step.kind === 'map' ? step.operands : [step.operand];
    count += operands.filter(({ kind }) => kind === 'memory').length;
  }
  return count;
}

/** Carries nothing out: only tells how many instructions an operation takes. */
function countingVectors(elementType: ElementType, count: (instructions: number) => void): VectorMath<'vector'> {
  const taking = (instructions: number) => (): 'vector' => {
    count(instructions);
    return 'vector';
  };
  const none = taking(0);
  const one = taking(1);
  const slow = taking(SLOW);
  return {
    elementType,
    constant: none,
    share: (value) => value,
    keep: (value) => ({ get: () => value, set: () => {} }),
    add: one,
    subtract: one,
    multiply: one,
    divide: slow,
    multiplyAdd: one,
    negate: one,
    absolute: one,
    squareRoot: slow,
    floor: one,
    ceil: one,
    truncate: one,
    nearest: one,
    roundToSingle: one,
    minimum: one,
    maximum: one,
    less: one,
    lessEqual: one,
    equal: one,
    and: one,
    or: one,
    not: one,
    select: one,
    toIntegers: one,
    fromIntegers: one,
    integerConstant: none,
    addIntegers: one,
    subtractIntegers: one,
    shiftLeft: one,
    shiftRight: one,
    call: taking(CALL),
  };
}
