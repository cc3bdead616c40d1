// %% [markdown] en
/*
# Write your own

You will add a **primitive**, a **layer** and an **optimizer** to gradtape, each in a few lines, and let the library find the
mistakes. Then you will write a tape yourself, small enough to hold in your head, and look at what `compile` makes of a
training step.
*/
// %% [markdown] zh
/*
# 自己动手写

本篇用几行代码分别为 gradtape 添加一个**基本运算**、一个**层**和一个**优化器**，并让库来找出其中的错误；
然后亲手写一个小到能装进脑子里的计算图（tape），最后看看 `compile` 把一个训练步骤变成了什么。
*/
// %%
import {
  customGrad,
  grad,
  manualSeed,
  mul,
  Parameter,
  randn,
  relu,
  sigmoid,
  sum,
  type Tensor,
  tanh,
  tensor,
} from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { liftUnary, smooth } from '@gradtape/autograd/primitives';
import { checkGradients, checkPrimitive } from '@gradtape/autograd/verify';
import { Linear, Module, Sequential, summary } from '@gradtape/nn';
import { type OptimizerOptions, ParameterwiseOptimizer, SGD } from '@gradtape/optim';
import { lineChart } from '@gradtape/plot';
import { claim, show, showTable, sized } from '../lesson/index.ts';

// %% [markdown] en
/*
## A primitive

A primitive declares its value and its derivative, next to each other. The bell curve $y = e^{-x^2}$ has the derivative

$$\frac{dy}{dx} = -2x\,e^{-x^2} = -2xy.$$

The value is written against an algebra `m` of single numbers, so that every engine (eager loops, WebAssembly, C, LaTeX) can
read it. The partial derivative is written with operations, so that it can be differentiated again.
*/
// %% [markdown] zh
/*
## 一个基本运算

基本运算把取值与导数写在一起。钟形曲线 $y = e^{-x^2}$ 的导数是

$$\frac{dy}{dx} = -2x\,e^{-x^2} = -2xy.$$

取值用单个数的代数 `m` 写成，于是每个引擎（即时循环、WebAssembly、C、LaTeX）都能读懂它；
偏导数用运算写成，所以还可以继续求导。
*/
// %%
manualSeed(10);
const bellPrimitive = smooth('bell', {
  value: (m, x) => m.exp(m.neg(m.mul(x, x))),
  partials: (x: Tensor, y: Tensor) => [mul(mul(x, y), -2)],
  domain: { low: -3, high: 3 },
});
const report = checkPrimitive(bellPrimitive);
console.log(String(report));
await claim({
  en: 'the bell curve keeps every law of a smooth primitive',
  zh: '钟形曲线满足光滑基本运算的全部规律',
  measured: `${report.laws.length} laws, ${report.broken.length} broken`,
  holds: report.passed && report.laws.length > 5,
});
// %%
const bell = liftUnary(bellPrimitive);
const x = tensor([-1, 0, 0.5], { dtype: 'float64' });
const slope = (point: Tensor): Tensor => sum(bell(point));
await show(grad(slope)(x), grad((point: Tensor) => sum(grad(slope)(point)))(x));
const grid = Array.from({ length: 121 }, (_, i) => -3 + i / 20);
const on = tensor(grid, { dtype: 'float64' });
lineChart(
  {
    bell: { x: grid, y: bell(on) },
    'first derivative': { x: grid, y: grad(slope)(on) },
    'second derivative': { x: grid, y: grad((point: Tensor) => sum(grad(slope)(point)))(on) },
  },
  { title: 'A primitive of our own', subtitle: 'both derivatives from the one that was declared', xLabel: 'x' },
);
// %% [markdown] en
/*
### And if the derivative is wrong?

Forget the factor $x$, and the laws that compare with differences break. The report names the law, the sample, and the seed
that draws it again.
*/
// %% [markdown] zh
/*
### 如果导数写错了呢？

漏掉因子 $x$，与差分比较的那些规律就不再成立。报告会说明是哪条规律、哪个样本，以及能重新抽出该样本的随机种子。
*/
// %%
const wrongBell = smooth('wrong bell', {
  value: (m, x) => m.exp(m.neg(m.mul(x, x))),
  partials: (_x: Tensor, y: Tensor) => [mul(y, -2)],
  domain: { low: -3, high: 3 },
});
const wrongReport = checkPrimitive(wrongBell);
console.log(String(wrongReport).split('\n').slice(0, 12).join('\n'));
await claim({
  en: 'a factor that is missing in the derivative breaks laws',
  zh: '导数中漏掉一个因子会违反规律',
  measured: wrongReport.broken.map(({ law }) => law).join(', '),
  holds: !wrongReport.passed,
});
// %% [markdown] en
/*
### A function with a derivative by hand

Where the composed derivative is slow or inexact, `customGrad` takes one of yours. It is checked like every derivative by
hand. Here is $\operatorname{softplus}(x) = \log(1 + e^x)$ whose derivative is $\sigma(x)$.
*/
// %% [markdown] zh
/*
### 手写导数的函数

若由组合得到的导数太慢或不够精确，可以用 `customGrad` 给出自己的导数，它同样要接受检验。
下面是 $\operatorname{softplus}(x) = \log(1 + e^x)$，其导数为 $\sigma(x)$。
*/
// %%
const softplus = customGrad({
  name: 'mySoftplus',
  // Stable on both sides: nothing overflows.
  forward: (x) => relu(x).add(x.abs().neg().exp().log1p()),
  backward: (cotangent, [x]) => [cotangent.mul(sigmoid(x as Tensor))],
});
const softplusReport = checkGradients((x: Tensor) => softplus(x).sum(), { x: randn([5]) }, { order: 2 });
console.log(String(softplusReport));
await claim({
  en: 'softplus with its derivative by hand passes, second order too',
  zh: '手写导数的 softplus 通过检验，二阶也通过',
  measured: `${softplusReport.entries} entries`,
  holds: softplusReport.passed,
});
// %% [markdown] en
/*
## A layer

A module is a class with parameters in its fields and a `forward`. This one is a *highway* layer: a gate decides, unit by
unit, how much of the input is carried through and how much is transformed,

$$y = g \odot h + (1 - g) \odot x, \qquad g = \sigma(W_g x + b_g), \quad h = \tanh(W_h x + b_h).$$
*/
// %% [markdown] zh
/*
## 一个层

模块就是一个类：字段里放参数，再写一个 `forward`。下面是 *highway* 层，由门逐个单元决定：多少输入直接通过，多少经过变换，

$$y = g \odot h + (1 - g) \odot x, \qquad g = \sigma(W_g x + b_g), \quad h = \tanh(W_h x + b_h).$$
*/
// %%
class Highway extends Module {
  gate: Linear;
  transform: Linear;

  constructor(size: number) {
    super();
    this.gate = new Linear(size, size);
    this.transform = new Linear(size, size);
  }

  forward(x: Tensor): Tensor {
    const g = sigmoid(this.gate.forward(x));
    return g.mul(tanh(this.transform.forward(x))).add(g.neg().add(1).mul(x));
  }
}

const highway = new Highway(4);
console.log(String(highway));
console.log(Object.keys(highway.stateDict()));
const highwayReport = checkGradients(
  (x: Tensor) => highway.forward(x).square().sum(),
  { x: randn([3, 4]) },
  { parameters: highway.namedParameters() },
);
console.log(String(highwayReport));
await claim({
  en: 'the layer’s gradients are right, by its input and by all its parameters',
  zh: '该层对输入和全部参数的梯度都正确',
  measured: `${highwayReport.entries} entries`,
  holds: highwayReport.passed,
});
// %% [markdown] en
/*
## An optimizer

An optimizer says how a parameter changes; groups, state and saving come with the base class. *Sign descent* goes a fixed way
against the sign of the gradient, $w \leftarrow w - \eta\,\operatorname{sign}(\partial E / \partial w)$. In a narrow valley,
where gradients differ by orders of magnitude, this helps; near the minimum it cannot stop.
*/
// %% [markdown] zh
/*
## 一个优化器

优化器只需说明参数如何变化；参数组、状态与保存由基类提供。*符号下降*沿梯度符号的反方向走固定的步长，
$w \leftarrow w - \eta\,\operatorname{sign}(\partial E / \partial w)$。在狭长山谷里，各方向梯度相差几个数量级，
这样做有帮助；但到了最小值附近，它停不下来。
*/
// %%
class SignDescent extends ParameterwiseOptimizer<OptimizerOptions> {
  constructor(params: Iterable<Parameter>, options: Partial<OptimizerOptions> = {}) {
    super(params, { lr: 0.01, maximize: false }, options);
  }

  protected update(parameter: Tensor, gradient: Tensor, _state: unknown, { lr }: OptimizerOptions): Tensor {
    return parameter.sub(gradient.sign().mul(lr));
  }
}

const valley = (w: Tensor): Tensor =>
  w
    .square()
    .mul(tensor([1, 100]))
    .sum();
function descend(make: (w: Parameter) => { zeroGrad(): void; step(): void }, steps: number): number[] {
  const w = new Parameter(tensor([1, 1]));
  const optimizer = make(w);
  return Array.from({ length: steps }, () => {
    const loss = valley(w);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss.item();
  });
}
const steps = sized({ full: 200, short: 200 });
const signLosses = descend((w) => new SignDescent([w], { lr: 0.01 }), steps);
const sgdLosses = descend((w) => new SGD([w], { lr: 0.009 }), steps);
await claim({
  en: 'in a valley whose sides are 100 times steeper, sign descent is lower than SGD after 100 steps',
  zh: '在两壁陡 100 倍的山谷里，100 步后符号下降比 SGD 更低',
  measured: `${signLosses[100]?.toExponential(1)} against ${sgdLosses[100]?.toExponential(1)}`,
  holds: (signLosses[100] as number) < (sgdLosses[100] as number),
});
lineChart(
  { 'sign descent, rate 0.01': signLosses, 'SGD, rate 0.009': sgdLosses },
  { title: 'A valley with sides 100 times steeper', xLabel: 'step', yLabel: 'loss', yScale: 'log' },
);
// %% [markdown] en
/*
## A tape in your head

A tape is a list of what was computed: for each value, which values it was made of and the local derivative by each. Backwards
through the list, each value hands its sensitivity on, multiplied by the local derivative: that is all of reverse mode.
*/
// %% [markdown] zh
/*
## 装进脑子里的计算图

计算图（tape）就是一张“算过什么”的清单：每个值由哪些值得来，对每一个的局部导数是多少。
倒着走一遍清单，每个值把自己的敏感度乘上局部导数交给前面的值：反向模式不过如此。
*/
// %%
/** A number, and how it came about. */
interface Value {
  readonly data: number;
  /** The values that it was made of, each with the derivative by it. */
  readonly parents: readonly (readonly [Value, number])[];
}

const tape: Value[] = [];

function record(data: number, ...parents: (readonly [Value, number])[]): Value {
  const value = { data, parents };
  tape.push(value);
  return value;
}

const plus = (a: Value, b: Value): Value => record(a.data + b.data, [a, 1], [b, 1]);
const times = (a: Value, b: Value): Value => record(a.data * b.data, [a, b.data], [b, a.data]);
const rectified = (a: Value): Value => record(Math.max(0, a.data), [a, a.data > 0 ? 1 : 0]);

/** The sensitivity of every value on the tape: the derivative of the last one by it. */
function backward(last: Value): Map<Value, number> {
  const sensitivity = new Map([[last, 1]]);
  for (const value of [...tape].reverse()) {
    for (const [parent, local] of value.parents) {
      const sofar = sensitivity.get(parent) ?? 0;
      sensitivity.set(parent, sofar + (sensitivity.get(value) ?? 0) * local);
    }
  }
  return sensitivity;
}
// %% [markdown] en
/*
The two layers for XOR, with the notes' weights but $(x_1, x_2) = (1, 1)$, written in single numbers on our tape and as
tensors on gradtape's: the gradients by all nine parameters are the same.
*/
// %% [markdown] zh
/*
用讲义里的权重，在 $(x_1, x_2) = (1, 1)$ 处，把解 XOR 的两层网络分别用单个数写在我们的清单上、用张量写在 gradtape 的计算图上：
九个参数的梯度完全相同。
*/
// %%
const leaves = [1, 1, 1, 1, 0, -1, 1, -2, 0.5].map((number) => record(number));
const [v11, v12, v21, v22, c1, c2, w1, w2, b] = leaves as [
  Value,
  Value,
  Value,
  Value,
  Value,
  Value,
  Value,
  Value,
  Value,
];
const [x1, x2] = [record(1), record(1)];
const h1 = rectified(plus(plus(times(v11, x1), times(v12, x2)), c1));
const h2 = rectified(plus(plus(times(v21, x1), times(v22, x2)), c2));
const y = plus(plus(times(w1, h1), times(w2, h2)), b);
const sensitivities = backward(times(y, y));
const ours = leaves.map((leaf) => sensitivities.get(leaf) ?? 0);

const theirs = grad((V: Tensor, c: Tensor, w: Tensor, b: Tensor) =>
  w
    .mul(relu(V.matmul(tensor([1, 1])).add(c)))
    .sum()
    .add(b)
    .square(),
)(tensor([[1, 1], [1, 1]]), tensor([0, -1]), tensor([1, -2]), tensor(0.5)); // biome-ignore format: one line for each call
const flat = theirs.flatMap((gradient: Tensor) => [...gradient.toTypedArray()]);
await claim({
  en: 'thirty lines of a tape give the gradients of the library',
  zh: '三十行的计算图给出与库相同的梯度',
  measured: ours.join(', '),
  holds: ours.every((number, k) => number === flat[k]),
});
// %% [markdown] en
/*
## What `compile` does

`compile(step)` runs the step once while somebody looks on, and writes down the graph of primitives. What can be computed
together becomes one loop; what is needed at different times shares memory. `explain()` shows it.
*/
// %% [markdown] zh
/*
## `compile` 做了什么

`compile(step)` 先把训练步骤运行一次，旁观者记下由基本运算组成的图。能一起算的合并成一个循环，不同时用到的共享内存。
`explain()` 可以把这些展示出来。
*/
// %%
function training(): { model: Sequential; step: (x: Tensor, t: Tensor) => Tensor } {
  manualSeed(3);
  const model = new Sequential(new Linear(8, 16), new Highway(16), new Linear(16, 1));
  const optimizer = new SGD(model.parameters(), { lr: 0.05, momentum: 0.9 });
  const step = (x: Tensor, t: Tensor): Tensor => {
    const loss = model.forward(x).sub(t).square().mean();
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss;
  };
  return { model, step };
}

const [eager, other] = [training(), training()];
const compiled = compile(other.step);
const [inputs, targets] = [randn([32, 8]), randn([32, 1])];
let apart = 0;
for (let k = 0; k < 50; k++) {
  apart = Math.max(apart, Math.abs(eager.step(inputs, targets).item() - compiled(inputs, targets).item()));
}
compiled(randn([7, 8]), randn([7, 1]));
console.log(summary(other.model, [32, 8]));
await claim({
  en: 'fifty steps, eager and compiled, have the same losses; another batch size makes a second program',
  zh: '即时与编译各走五十步，损失相同；换一个批量大小则生成第二个程序',
  measured: `at most 1e-5 apart, ${compiled.statistics.programs} programs`,
  holds: apart < 1e-5 && compiled.statistics.programs === 2,
});
// %%
const { stages, memory } = compiled.explain();
await showTable(
  ['stage', 'kind', 'primitives'],
  stages.map(({ stage, kind, title }) => [stage, kind, title]),
);
await claim({
  en: 'forward, backward and the update of eight parameters become a few loops between the products',
  zh: '前向、反向以及八个参数的更新，变成了矩阵乘积之间的寥寥几个循环',
  measured: `${stages.length} stages, ${stages.filter(({ kind }) => kind === 'product').length} of them products`,
  holds: stages.length <= 30,
});
await claim({
  en: 'what is computed on the way shares memory: hardly more than what is alive at once',
  zh: '中间结果共享内存：几乎不超过同一时刻所需的量',
  measured: `${memory.arena} bytes, at least ${memory.lowerBound} are needed`,
  holds: memory.arena < 1.3 * memory.lowerBound,
});
