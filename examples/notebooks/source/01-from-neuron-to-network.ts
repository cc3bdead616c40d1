// %% [markdown] en
/*
# From neuron to network

Between the first neuron on paper and networks of several layers that learn lie 43 years, and the steps that mattered can be
repeated in an hour. In this notebook you

- set the weights of a **perceptron** by hand, then let it learn them, watch its boundary move, and count its mistakes against
  a bound that was proved in 1962;
- see it fail on **XOR**, and why it must;
- replace its right-or-wrong by an error that has a derivative (**ADALINE**), draw the surface of that error and the way down,
  and find out how large a step it bears;
- solve XOR twice: by a **feature** that you invent, and by a **hidden layer** that invents its own.

Lines that begin with ✓ were measured a moment ago. ≠ marks what the course notes put differently.
*/
// %% [markdown] zh
/*
# 从神经元到网络

从纸上的第一个神经元到第一个真正会学习的多层网络，中间隔了 43 年；而其中的关键几步，一个小时就能亲手重做一遍。本篇你将

- 先手工给**感知机**定权重，再让它自己学，看着决策边界一步步移动，并拿它犯错的次数与 1962 年证明的上界对照；
- 看它在 **XOR** 上失败，并弄清为什么必然失败；
- 把“对或错”换成可以求导的误差（**ADALINE**），画出误差曲面和下山的路，并测出步子最大能迈多大；
- 用两种办法解决 XOR：自己设计一个**特征**，或者让**隐含层**自己学出特征。

以 ✓ 开头的行都是刚刚实测的结果；≠ 表示讲义的说法与实测不同。
*/
// %%
import {
  eigvalsh,
  fromArray,
  grad,
  heaviside as heavisideOnTape,
  hessian,
  manualSeed,
  ones,
  Parameter,
  rand,
  randn,
  randperm,
  relu,
  slice,
  solve,
  stack,
  type Tensor,
  tanh,
  tensor,
  zeros,
} from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { derivation } from '@gradtape/autograd/explain';
import { checkDerivation } from '@gradtape/autograd/verify';
import { iris } from '@gradtape/data';
import { Adaline, Perceptron, XorByFeatures, XorByTwoLayers } from '@gradtape/nn';
import {
  adalineGradient,
  adalineLoss,
  adalineUpdate,
  andOfPerceptron,
  decide,
  dense,
  heaviside,
  lmsUpdate,
  type NeuronParameters,
  netInput,
  perceptronUpdate,
  productFeatures,
  relu as reluRule,
  standardize,
  xorOfProductFeatures,
  xorOfTwoLayers,
} from '@gradtape/nn/sensitivity';
import { SGD } from '@gradtape/optim';
import { animate, decisionBoundary, histogram, landscape, lineChart, networkDiagram } from '@gradtape/plot';
import { claim, show, showTable, sized } from '../lesson/index.ts';

// %% [markdown] en
/*
## Where it comes from

```mermaid
timeline
  1943 : McCulloch and Pitts : a neuron as a threshold, its weights set by hand
  1957 : Rosenblatt : the perceptron learns its weights
  1960 : Widrow and Hoff : ADALINE and LMS, a neuron that descends an error
  1969 : Minsky and Papert : what a single layer cannot do
  1970s : the first winter
  1986 : Rumelhart, Hinton and Williams : backpropagation
  1990s : support vector machines
  1998 : LeCun : LeNet-5, a convolutional network
  2006 : Hinton : deep belief networks, pretrained layer by layer
  2012 : AlexNet : deep learning returns
```

One date more, since this library lives by it: in 1970 Seppo Linnainmaa described how to get all derivatives of a computation
by going through it backwards. He was thinking of rounding errors, not of neurons.

The neurons of 1943 could already do XOR! *(x₁ or x₂) and not both* takes three of them. What was missing was not the network,
it was a rule by which a network finds its weights.
*/
// %% [markdown] zh
/*
## 来龙去脉

```mermaid
timeline
  1943 : McCulloch 与 Pitts : 神经元就是一个阈值单元，权重靠人工设定
  1957 : Rosenblatt : 感知机，权重可以学
  1960 : Widrow 与 Hoff : ADALINE 与 LMS，沿误差下降的神经元
  1969 : Minsky 与 Papert : 指出单层做不到什么
  1970 年代 : 第一次寒冬
  1986 : Rumelhart、Hinton 与 Williams : 反向传播
  1990 年代 : 支持向量机
  1998 : LeCun : 卷积网络 LeNet-5
  2006 : Hinton : 深度信念网络，逐层预训练
  2012 : AlexNet : 深度学习复兴
```

再补一个年份，因为本库正以它为根基：1970 年，Seppo Linnainmaa 提出把一次计算从后往前走一遍就能得到全部导数。
他研究的是舍入误差，与神经元无关。

其实 1943 年的神经元就能做 XOR：“x₁ 或 x₂，但不同时”只要三个神经元。当时缺的不是网络，而是让网络自己找到权重的规则。
*/
// %%
const float64 = { dtype: 'float64' } as const;
/** The four inputs of a truth table, as columns. */
const corners = tensor([[0, 0, 1, 1], [0, 1, 0, 1]], float64); // biome-ignore format: rows of a matrix
const truth = {
  and: tensor([0, 0, 0, 1], float64),
  or: tensor([0, 1, 1, 1], float64),
  xor: tensor([0, 1, 1, 0], float64),
};
const isSame = (one: Tensor, other: Tensor): boolean => one.sub(other).abs().amax().item() === 0;
/** A neuron of 1943: weights by hand, a threshold at 0. */
const neuron1943 = (w: number[], b: number, x: Tensor): Tensor =>
  heaviside(netInput(tensor(w, float64), tensor(b, float64), x));

const or1943 = neuron1943([1, 1], -0.5, corners);
const notBoth1943 = neuron1943([-1, -1], 1.5, corners);
const xor1943 = neuron1943([1, 1], -1.5, stack([or1943, notBoth1943], 0));
await showTable(
  ['x₁', 'x₂', 'or', 'not both', 'and of the two'],
  [0, 1, 2, 3].map((k) =>
    [corners.select(0, 0), corners.select(0, 1), or1943, notBoth1943, xor1943].map((row) => row.select(0, k).item()),
  ),
);
await claim({
  en: 'three neurons of 1943, their weights set by hand, compute XOR',
  zh: '三个 1943 年的神经元，人工设定权重，就能算 XOR',
  shows: ['history', 'xor/table', 'rule:heaviside'],
  measured: xor1943.toTypedArray().join(', '),
  holds: isSame(xor1943, truth.xor),
});
// %% [markdown] en
/*
## The perceptron: a referee who draws straight lines

It adds up the evidence, each input with its weight, and says yes where the sum reaches the line:

$$z = \mathbf{w}^\top \mathbf{x} + b, \qquad y = H(z) = \begin{cases} 1 & z \ge 0 \\ 0 & z < 0 \end{cases}$$

All $\mathbf{x}$ with $z = 0$ make a straight line (a plane, a hyperplane): yes on one side, no on the other. AND needs only
that: $\mathbf{w} = (1, 1)$ and $b = -1.5$ separate $(1, 1)$ from the rest.
*/
// %% [markdown] zh
/*
## 感知机：只会画直线的裁判

它把各条证据按权重加起来，总分过线就判 1：

$$z = \mathbf{w}^\top \mathbf{x} + b, \qquad y = H(z) = \begin{cases} 1 & z \ge 0 \\ 0 & z < 0 \end{cases}$$

满足 $z = 0$ 的 $\mathbf{x}$ 构成一条直线（三维是平面，更高维是超平面）：一侧判 1，另一侧判 0。AND 只需要这么多：
$\mathbf{w} = (1, 1)$、$b = -1.5$ 就把 $(1, 1)$ 与其余三点分开。
*/
// %%
const andNeuron: NeuronParameters = { w: tensor([1, 1], float64), b: tensor(-1.5, float64) };
const lastCorner = tensor([1, 1], float64);
await show(
  networkDiagram([andNeuron.w.unsqueeze(0)], {
    title: 'AND by one neuron',
    subtitle: 'what it says of (1, 1); b is its bias',
    biases: [[andNeuron.b.item()]],
    unitNames: [['x₁', 'x₂'], ['y']],
    values: [lastCorner, heaviside(netInput(andNeuron.w, andNeuron.b, lastCorner)).unsqueeze(0)],
  }),
);
const andInputs = netInput(andNeuron.w, andNeuron.b, corners);
await claim({
  en: 'w = (1, 1), b = −1.5 is AND: only (1, 1) reaches the line, with z = 0.5',
  zh: 'w = (1, 1)、b = −1.5 实现 AND：只有 (1, 1) 过线，z = 0.5',
  shows: ['perceptron/structure', 'perceptron/and', 'rule:netInput', 'rule:heaviside', 'rule:andOfPerceptron'],
  measured: `z = ${[...andInputs.toTypedArray()].join(', ')}`,
  holds: isSame(heaviside(andInputs), truth.and) && isSame(andOfPerceptron(corners), truth.and),
});
/** A function of columns, asked as pictures of the plane ask. */
const ofPoints =
  (f: (X: Tensor) => Tensor) =>
  (points: Float64Array, n: number): Tensor =>
    f(fromArray(points, [n, 2]).t());
const cornerLabels = { xLabel: 'x₁', yLabel: 'x₂', width: 440, height: 370 };
decisionBoundary(
  ofPoints((X) => netInput(andNeuron.w, andNeuron.b, X)),
  corners.t(),
  truth.and,
  { title: 'AND with w = (1, 1), b = −1.5', subtitle: 'the colour is z', threshold: 0, ...cornerLabels },
);
// %% [markdown] en
/*
**Exercise 1.** Find weights for OR, for NAND (not both), and for "x₁ but not x₂". And where does the line go when you double all
of $w_1, w_2, b$? (Answers at the end.)

## Why it needs a rule of its own

Could it learn by descending its error $\tfrac12 (t - y)^2$? No: the step $H$ is flat on both sides, so the derivative of
that error is zero wherever it exists. The tape agrees.
*/
// %% [markdown] zh
/*
**练习 1.** 为 OR、NAND（不同时）以及“x₁ 但非 x₂”各找一组权重。另外，把 $w_1, w_2, b$ 都乘以 2，直线会移到哪里？（答案在文末。）

## 为什么它需要专门的学习规则

能不能让它沿着误差 $\tfrac12 (t - y)^2$ 下降来学习？不能：阶跃函数 $H$ 两侧都是平的，凡是误差可导的地方，导数都是零。
计算图给出的结果也是如此。
*/
// %%
const wrongStart: NeuronParameters = { w: tensor([-1, 0.5], float64), b: tensor(0.5, float64) };
const errorOfSteps = (w: Tensor, b: Tensor): Tensor =>
  heavisideOnTape(w.matmul(corners).add(b), 1).sub(truth.and).square().sum().mul(0.5);
const [slopeOfSteps] = grad(errorOfSteps)(wrongStart.w, wrongStart.b);
const errorAtStart = errorOfSteps(wrongStart.w, wrongStart.b).item();
await claim({
  en: 'a perceptron that is wrong about AND gets no gradient from its error: the step lets none through',
  zh: '判错 AND 的感知机从误差得不到任何梯度：阶跃函数一点也不让它通过',
  measured: `E = ${errorAtStart}, ∂E/∂w = (${[...slopeOfSteps.toTypedArray()].join(', ')})`,
  holds: errorAtStart > 0 && slopeOfSteps.abs().sum().item() === 0,
});
// %% [markdown] en
/*
Rosenblatt's rule changes nothing after a right answer, and after a wrong one adds the input, or takes it away:

$$\mathbf{w} \leftarrow \mathbf{w} + \eta\,(t - y)\,\mathbf{x}, \qquad b \leftarrow b + \eta\,(t - y).$$

That moves the net input of this very sample towards its right side, by $\eta\,(\lVert \mathbf{x} \rVert^2 + 1)$:

$$z_{\text{new}} = \bigl(\mathbf{w} + \eta (t - y) \mathbf{x}\bigr)^\top \mathbf{x} + b + \eta (t - y)
= z + \eta\,(t - y)\,\bigl(\lVert \mathbf{x} \rVert^2 + 1\bigr).$$

It *is* gradient descent, though on another error: $E = \max\bigl(0,\,(1 - 2t)\,z\bigr)$ is zero for a right answer, and else
tells how far $z$ lies on the wrong side. Where the answer is wrong, $1 - 2t = y - t$, therefore

$$\frac{\partial E}{\partial \mathbf{w}} = (y - t)\,\mathbf{x}, \qquad \frac{\partial E}{\partial b} = y - t.$$

Let the tape check that, first with the sign as it stands in the rule. It is everybody's first mistake.
*/
// %% [markdown] zh
/*
Rosenblatt 的规则是：判对就不动，判错就把输入加上去或减下来：

$$\mathbf{w} \leftarrow \mathbf{w} + \eta\,(t - y)\,\mathbf{x}, \qquad b \leftarrow b + \eta\,(t - y).$$

这样，这个样本自己的净输入就朝正确的一侧移动了 $\eta\,(\lVert \mathbf{x} \rVert^2 + 1)$：

$$z_{\text{new}} = \bigl(\mathbf{w} + \eta (t - y) \mathbf{x}\bigr)^\top \mathbf{x} + b + \eta (t - y)
= z + \eta\,(t - y)\,\bigl(\lVert \mathbf{x} \rVert^2 + 1\bigr).$$

其实它*也是*梯度下降，只是误差换了一个：$E = \max\bigl(0,\,(1 - 2t)\,z\bigr)$，判对时为零，判错时就是 $z$ 越界的距离。
判错时 $1 - 2t = y - t$，所以

$$\frac{\partial E}{\partial \mathbf{w}} = (y - t)\,\mathbf{x}, \qquad \frac{\partial E}{\partial b} = y - t.$$

让计算图来检查：先故意照抄更新规则里的符号，这是人人都会犯的第一个错误。
*/
// %%
const missed = { x: tensor([1, 0.5], float64), t: tensor(1, float64) };
const atMistake = { w: tensor([-1, -0.5], float64), b: tensor(0.25, float64) };
const howFarWrong = (w: Tensor, b: Tensor): Tensor => relu(w.dot(missed.x).add(b).mul(missed.t.mul(-2).add(1)));
const errorOf = (w: Tensor, b: Tensor): Tensor => decide(netInput(w, b, missed.x), 0).sub(missed.t);

const wrongSign = checkDerivation(
  (w, b) => ({ w: missed.x.mul(errorOf(w, b).neg()), b: errorOf(w, b).neg() }),
  howFarWrong,
  atMistake,
);
const rightSign = checkDerivation(
  (w, b) => ({ w: missed.x.mul(errorOf(w, b)), b: errorOf(w, b) }),
  howFarWrong,
  atMistake,
);
await show(String(wrongSign), String(rightSign));
const corrected = perceptronUpdate(atMistake.w, atMistake.b, missed.x, missed.t, 0.5);
const before = netInput(atMistake.w, atMistake.b, missed.x).item();
const after = netInput(corrected.w, corrected.b, missed.x).item();
await claim({
  en: 'the rule descends max(0, (1 − 2t) z), and moves z by η (‖x‖² + 1)',
  zh: '该规则沿 max(0, (1 − 2t) z) 下降，并把 z 移动 η (‖x‖² + 1)',
  shows: ['rule:perceptronUpdate'],
  measured: `z from ${before} to ${after} with η = 0.5 and ‖x‖² = 1.25; the wrong sign is found`,
  holds: rightSign.passed && !wrongSign.passed && after - before === 0.5 * 2.25,
});
// %% [markdown] en
/*
## AND, learned

Sample by sample, over and over. Once through all samples is an *epoch*. Each picture of the animation is one correction;
the last one shows how little it takes to content it: the line runs right through $(1, 1)$, since $z = 0$ counts as yes.
*/
// %% [markdown] zh
/*
## 学会 AND

一个样本接一个样本，反复进行；把所有样本过一遍叫一轮（epoch）。动画的每一帧是一次修正；
最后一帧可见它多么容易满足：直线恰好穿过 $(1, 1)$，因为 $z = 0$ 也算判 1。
*/
// %%
interface Learned {
  /** Wrong answers in each epoch. */
  readonly errors: number[];
  /** The parameters at the start and after each correction. */
  readonly corrections: NeuronParameters[];
}

function learnByMistakes(X: Tensor, targets: Tensor, start: NeuronParameters, eta: number, epochs: number): Learned {
  const samples = X.unbind(1).map((x, k) => ({ x, t: targets.select(0, k) }));
  const corrections = [start];
  const errors: number[] = [];
  let neuron = start;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const sofar = corrections.length;
    for (const { x, t } of samples) {
      const isWrong = decide(netInput(neuron.w, neuron.b, x), 0).item() !== t.item();
      neuron = perceptronUpdate(neuron.w, neuron.b, x, t, eta);
      if (isWrong) corrections.push(neuron);
    }
    errors.push(corrections.length - sofar);
  }
  return { errors, corrections };
}

const learnedAnd = learnByMistakes(corners, truth.and, wrongStart, 0.25, 12);
const frames = learnedAnd.corrections.map(({ w, b }, k) =>
  decisionBoundary(
    ofPoints((X) => netInput(w, b, X)),
    corners.t(),
    truth.and,
    {
      title: `AND after ${k} corrections`,
      subtitle: `w = (${[...w.toTypedArray()].join(', ')}), b = ${b.item()}`,
      threshold: 0,
      ...cornerLabels,
    },
  ),
);
await show(animate(frames, { secondsEach: 0.8 }));
// The same in one line: a unit with fit and predict. It takes samples in rows, and ends after an epoch without a mistake.
const cornerRows = corners.t();
manualSeed(1);
const epochsNeeded = Array.from({ length: sized({ full: 200, short: 20 }) }, () => {
  const initial = { w: randn([2], float64), b: randn([], float64) };
  const perceptron = new Perceptron({ learningRate: 0.25, shuffle: false, initial }).fit(cornerRows, truth.and);
  return perceptron.isConverged ? perceptron.errors.length - 1 : Number.POSITIVE_INFINITY;
});
await claim({
  en: 'from every start the perceptron learns AND, and then corrects nothing more',
  zh: '无论从哪里出发，感知机都能学会 AND，此后不再修正',
  shows: ['perceptron/and', 'rule:perceptronUpdate'],
  measured: `${learnedAnd.corrections.length - 1} corrections in the picture; ${epochsNeeded.length} drawn starts: all right after at most ${Math.max(...epochsNeeded)} epochs`,
  holds: learnedAnd.errors.at(-1) === 0 && Math.max(...epochsNeeded) < 100,
});
// %% [markdown] en
/*
## How many mistakes can it make?

Write $\tilde{\mathbf{w}} = (\mathbf{w}, b)$, $\tilde{\mathbf{x}} = (\mathbf{x}, 1)$, and $s = 2t - 1$ for the side. Suppose that some
unit vector $\mathbf{u}$ separates the samples with a margin, $s\,\mathbf{u}^\top \tilde{\mathbf{x}} \ge \gamma$ for all of them, and that
$\lVert \tilde{\mathbf{x}} \rVert \le R$. Begin at zero and let $k$ count the corrections. Each one adds $\eta s \tilde{\mathbf{x}}$. So

- along $\mathbf{u}$ we get ahead by at least $\eta\gamma$ each time: $\mathbf{u}^\top \tilde{\mathbf{w}} \ge k\,\eta\gamma$;
- the length grows slowly, because after a wrong answer ($s\,\tilde{\mathbf{w}}^\top \tilde{\mathbf{x}} \le 0$) we never step further
  in the direction of $\tilde{\mathbf{w}}$: $\lVert \tilde{\mathbf{w}} \rVert^2 \le k\,\eta^2 R^2$.

No vector reaches further along $\mathbf{u}$ than it is long, hence $k\,\eta\gamma \le \sqrt{k}\,\eta R$, and

$$k \le \left( \frac{R}{\gamma} \right)^2.$$

However many samples, in whatever order, at any rate: Novikoff's theorem of 1962. How near do mistakes come to it?
*/
// %% [markdown] zh
/*
## 它最多会错几次？

记 $\tilde{\mathbf{w}} = (\mathbf{w}, b)$、$\tilde{\mathbf{x}} = (\mathbf{x}, 1)$，$s = 2t - 1$ 表示所属的一侧。设某个单位向量
$\mathbf{u}$ 以间隔 $\gamma$ 分开所有样本，即 $s\,\mathbf{u}^\top \tilde{\mathbf{x}} \ge \gamma$，并且都有 $\lVert \tilde{\mathbf{x}} \rVert \le R$。
从零开始，记修正次数为 $k$，每次修正都加上 $\eta s \tilde{\mathbf{x}}$。于是

- 沿 $\mathbf{u}$ 方向，每次至少前进 $\eta\gamma$：$\mathbf{u}^\top \tilde{\mathbf{w}} \ge k\,\eta\gamma$；
- 长度却增长得慢，因为判错时（$s\,\tilde{\mathbf{w}}^\top \tilde{\mathbf{x}} \le 0$）修正方向与 $\tilde{\mathbf{w}}$ 的夹角不小于直角：
  $\lVert \tilde{\mathbf{w}} \rVert^2 \le k\,\eta^2 R^2$。

向量在 $\mathbf{u}$ 上的投影不会超过自身长度，所以 $k\,\eta\gamma \le \sqrt{k}\,\eta R$，即

$$k \le \left( \frac{R}{\gamma} \right)^2.$$

与样本个数、顺序、学习率都无关：这就是 1962 年的 Novikoff 定理。实际的错误次数离这个上界有多近？
*/
// %%
/** Corrections from zero until all samples are answered rightly, and how many Novikoff's theorem allows. */
function countMistakes(margin: number): { made: number; allowed: number } {
  const drawn = randn([3], float64).mul(tensor([1, 1, 0.3], float64)); // a line that passes near the middle
  const u = drawn.div(drawn.norm());
  const sideOf = (X: Tensor): Tensor => netInput(u.index(slice(0, 2)), u.index(2), X);
  const all = rand([2, 200], float64).mul(2).sub(1);
  const clear = [...sideOf(all).abs().gt(margin).toTypedArray()].flatMap((isClear, k) => (isClear ? [k] : []));
  const X = all.indexSelect(1, tensor(clear, { dtype: 'int32' }));
  const t = decide(sideOf(X), 0);
  // Without a sample of class 0 there is nothing to learn: at zero the answer is 1.
  if (t.amin().item() === 1) return countMistakes(margin);
  const radius = X.square().sum(0).add(1).sqrt().amax().item();
  const allowed = (radius / sideOf(X).abs().amin().item()) ** 2;
  let neuron: NeuronParameters = { w: zeros([2], float64), b: tensor(0, float64) };
  for (let made = 0, next = 0; ; made++) {
    // The next wrong answer from here on, or from the beginning.
    const wrong = decide(netInput(neuron.w, neuron.b, X), 0)
      .ne(t)
      .toTypedArray();
    const ahead = wrong.indexOf(1, next);
    const k = ahead < 0 ? wrong.indexOf(1) : ahead;
    if (k < 0) return { made, allowed };
    neuron = perceptronUpdate(neuron.w, neuron.b, X.select(1, k), t.select(0, k), 1);
    next = k + 1;
  }
}

const margins = [0.5, 0.35, 0.2, 0.1, 0.05, 0.02, 0.01];
const problems = sized({ full: 40, short: 6 });
manualSeed(2);
const counted = margins.map((margin) => Array.from({ length: problems }, () => countMistakes(margin)));
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const madeAt = counted.map((runs) => runs.map(({ made }) => made));
await show(
  lineChart(
    {
      'allowed, (R/γ)²': { x: margins, y: counted.map((runs) => mean(runs.map(({ allowed }) => allowed))) },
      'made, mean': {
        x: margins,
        y: madeAt.map(mean),
        band: { low: madeAt.map((made) => Math.min(...made)), high: madeAt.map((made) => Math.max(...made)) },
      },
    },
    {
      title: 'Mistakes of a perceptron until it makes no more',
      subtitle: `band: fewest and most in ${problems} problems of up to 200 samples`,
      xLabel: 'margin γ',
      yLabel: 'mistakes',
      xScale: 'log',
      yScale: 'log',
    },
  ),
);
const nearest = Math.max(...counted.flat().map(({ made, allowed }) => made / allowed));
await claim({
  en: 'no problem takes more mistakes than (R/γ)², and where the margin is small, drawn ones take far fewer',
  zh: '没有一个问题的错误次数超过 (R/γ)²；间隔小时，随机抽取的问题远少于它',
  shows: ['rule:perceptronUpdate', 'rule:decide'],
  measured: `${margins.length * problems} problems: at most ${(100 * nearest).toFixed(0)} % of what is allowed; at γ = 0.01 on average ${mean(madeAt.at(-1) ?? []).toFixed(0)} mistakes`,
  holds: nearest <= 1,
});
// %% [markdown] en
/*
## XOR: never

| $x_1$ | $x_2$ | XOR |
| --- | --- | --- |
| 0 | 0 | 0 |
| 0 | 1 | 1 |
| 1 | 0 | 1 |
| 1 | 1 | 0 |

$(0,1)$ and $(1,0)$ should be above the line, $(0,0)$ and $(1,1)$ below. But whatever $\mathbf{w}$ and $b$ are,

$$z(0,0) + z(1,1) = b + (w_1 + w_2 + b) = (w_2 + b) + (w_1 + b) = z(0,1) + z(1,0),$$

and the left side would have to be negative, the right one not. No weights, no rule, no patience helps.

How can a run *show* "never"? By whole numbers: from whole $\mathbf{w}, b$ and with $\eta = 1$ all stay whole, and if the perceptron
ever comes back, at the end of an epoch, to parameters that it had before, it goes round for ever.
*/
// %% [markdown] zh
/*
## XOR：永远不行

| $x_1$ | $x_2$ | XOR |
| --- | --- | --- |
| 0 | 0 | 0 |
| 0 | 1 | 1 |
| 1 | 0 | 1 |
| 1 | 1 | 0 |

$(0,1)$、$(1,0)$ 应在线上方，$(0,0)$、$(1,1)$ 应在线下方。可是不论 $\mathbf{w}$、$b$ 取什么值，

$$z(0,0) + z(1,1) = b + (w_1 + w_2 + b) = (w_2 + b) + (w_1 + b) = z(0,1) + z(1,0),$$

左边必须为负，右边必须非负，矛盾。换权重、换规则、再有耐心都没用。

运行程序怎么能说明“永远”？用整数：从整数的 $\mathbf{w}, b$ 出发并取 $\eta = 1$，参数始终是整数；只要某一轮结束时回到了曾经的参数，
它就会永远这样转圈。
*/
// %%
const errorsOn = (targets: Tensor): readonly number[] =>
  new Perceptron({ learningRate: 0.25, shuffle: false, epochs: 40, initial: wrongStart }).fit(cornerRows, targets)
    .errors;
await show(
  lineChart(
    { XOR: errorsOn(truth.xor), AND: errorsOn(truth.and), OR: errorsOn(truth.or) },
    {
      title: 'AND and OR are learned, XOR is not',
      xLabel: 'epoch',
      yLabel: 'wrong answers of 4',
      height: 260,
    },
  ),
);
/** After how many epochs on XOR a perceptron is where it was before. */
function epochsUntilRepeated(start: NeuronParameters): number {
  const met = new Set<string>();
  let neuron = start;
  for (;;) {
    const parameters = `${neuron.w.toArray()}, ${neuron.b.item()}`;
    if (met.has(parameters)) return met.size;
    met.add(parameters);
    const { errors, corrections } = learnByMistakes(corners, truth.xor, neuron, 1, 1);
    if (errors[0] === 0) throw new Error('a perceptron that does XOR');
    neuron = corrections.at(-1) ?? neuron;
  }
}
const whole = sized({ full: [-3, -2, -1, 0, 1, 2, 3], short: [-1, 0, 1] });
const wholeStarts = whole.flatMap((w1) =>
  whole.flatMap((w2) => whole.map((b) => ({ w: tensor([w1, w2], float64), b: tensor(b, float64) }))),
);
const rounds = wholeStarts.map(epochsUntilRepeated);
const patience = sized({ full: 5000, short: 200 });
manualSeed(1);
const patient = new Perceptron({ learningRate: 0.1, epochs: patience }).fit(cornerRows, truth.xor).errors;
await claim({
  en: 'on XOR the perceptron goes round for ever: from every whole start it comes back to parameters it had',
  zh: '在 XOR 上感知机永远转圈：从每个整数起点出发，都会回到曾经的参数',
  shows: ['perceptron/xor', 'xor/table'],
  measured: `${rounds.length} starts repeat within ${Math.max(...rounds)} epochs, none without a mistake; ${patience} epochs in drawn orders at η = 0.1: ${Math.min(...patient)} to ${Math.max(...patient)} wrong in each`,
  holds: Math.max(...rounds) < 50 && Math.min(...patient) > 0,
});
// %%
// Which of the 16 truth tables of two inputs has a neuron? Try halves from −2 to 2 for all three parameters.
const halves = Array.from({ length: 9 }, (_, k) => -2 + k / 2);
const had = new Set(
  halves.flatMap((w1) =>
    halves.flatMap((w2) => halves.map((b) => neuron1943([w1, w2], b, corners).toTypedArray().join(''))),
  ),
);
const allTables = Array.from({ length: 16 }, (_, k) => k.toString(2).padStart(4, '0'));
const missing = allTables.filter((table) => !had.has(table));
await claim({
  en: 'of the 16 truth tables of two inputs, one neuron does 14; XOR and its opposite are missing',
  zh: '两个输入的 16 张真值表中，单个神经元能实现 14 张；缺的是 XOR 和它的反面',
  shows: ['perceptron/xor'],
  measured: `${had.size} of 16; missing: ${missing.join(' and ')}`,
  holds: missing.join(' ') === '0110 1001',
});
// %% [markdown] en
/*
## ADALINE: not whether, but by how much

Widrow and Hoff (1960) compare the target with $z$ itself, before any step. Then the error has a derivative:

$$E = \frac{1}{2N} \sum_{j=1}^{N} \bigl(t^{(j)} - z^{(j)}\bigr)^2, \qquad z = \mathbf{w}^\top \mathbf{x} + b.$$

```mermaid
graph LR
X(("input x")) --> Z["z = wᵀx + b"]
Z --> E["E = ½ (t − z)²"]
T(("target t")) --> E
E --> G["gradients by w, b"]
G --> U["new w, b"]
U --> Z
Z -. "only to answer" .-> Y["y = 1 where z ≥ θ"]
```

For one sample the chain rule takes two steps, $\partial E / \partial z = -(t - z)$ and $\partial z / \partial \mathbf{w} = \mathbf{x}$. The
library writes it out:
*/
// %% [markdown] zh
/*
## ADALINE：不问对错，而问差多少

Widrow 与 Hoff（1960）把目标与阶跃之前的 $z$ 直接比较，误差于是可导：

$$E = \frac{1}{2N} \sum_{j=1}^{N} \bigl(t^{(j)} - z^{(j)}\bigr)^2, \qquad z = \mathbf{w}^\top \mathbf{x} + b.$$

```mermaid
graph LR
X(("输入 x")) --> Z["z = wᵀx + b"]
Z --> E["E = ½ (t − z)²"]
T(("目标 t")) --> E
E --> G["对 w, b 的梯度"]
G --> U["新的 w, b"]
U --> Z
Z -. "仅在推理时" .-> Y["z ≥ θ 时 y = 1"]
```

对单个样本，链式法则只有两步：$\partial E / \partial z = -(t - z)$，$\partial z / \partial \mathbf{w} = \mathbf{x}$。下面由库写出推导：
*/
// %%
const oneSample = {
  w: tensor([0, 0], float64),
  b: tensor(0, float64),
  x: tensor([1, 1], float64),
  t: tensor(1, float64),
};
derivation((w, b, x, t) => t.sub(w.dot(x).add(b)).square().mul(0.5), oneSample, { by: ['w', 'b'] });
// %% [markdown] en
/*
Over all samples the contributions are averaged; or each is used on its own, as soon as its sample arrives (LMS):

$$\frac{\partial E}{\partial \mathbf{w}} = -\frac{1}{N} \sum_j (t^{(j)} - z^{(j)})\, \mathbf{x}^{(j)}, \qquad
\frac{\partial E}{\partial b} = -\frac{1}{N} \sum_j (t^{(j)} - z^{(j)}),$$

$$\text{batch: } \mathbf{w} \leftarrow \mathbf{w} - \eta \frac{\partial E}{\partial \mathbf{w}}, \qquad
\text{online: } \mathbf{w} \leftarrow \mathbf{w} + \eta\,(t - z)\,\mathbf{x}.$$

Now the check; and once more with a mistake, the $1/N$ forgotten.
*/
// %% [markdown] zh
/*
对所有样本，各自的贡献取平均；也可以每来一个样本就立刻用上（LMS）：

$$\frac{\partial E}{\partial \mathbf{w}} = -\frac{1}{N} \sum_j (t^{(j)} - z^{(j)})\, \mathbf{x}^{(j)}, \qquad
\frac{\partial E}{\partial b} = -\frac{1}{N} \sum_j (t^{(j)} - z^{(j)}),$$

$$\text{批量：} \mathbf{w} \leftarrow \mathbf{w} - \eta \frac{\partial E}{\partial \mathbf{w}}, \qquad
\text{在线：} \mathbf{w} \leftarrow \mathbf{w} + \eta\,(t - z)\,\mathbf{x}.$$

现在来检查；再故意错一次：漏掉 $1/N$。
*/
// %%
const meanSquares = (w: Tensor, b: Tensor, X: Tensor, t: Tensor): Tensor =>
  t.sub(w.matmul(X).add(b)).square().mean().mul(0.5);
const somewhere = { w: tensor([0.3, -0.2], float64), b: tensor(0.1, float64), X: corners, t: truth.and };
const derived = checkDerivation(
  (w, b, X, t) => {
    const errors = t.sub(w.matmul(X).add(b));
    return { w: X.matmul(errors).div(-4), b: errors.sum().div(-4) };
  },
  meanSquares,
  somewhere,
);
const withoutMean = checkDerivation(
  (w, b, X, t) => {
    const errors = t.sub(w.matmul(X).add(b));
    return { w: X.matmul(errors).neg(), b: errors.sum().neg() };
  },
  meanSquares,
  somewhere,
);
await show(String(derived), String(withoutMean));
const rule = adalineGradient(somewhere.w, somewhere.b, corners, truth.and);
const [onTape] = grad(meanSquares)(somewhere.w, somewhere.b, corners, truth.and);
await claim({
  en: 'the gradient is that of the tape; without 1/N, with four samples, it is four times as large',
  zh: '梯度与计算图一致；漏掉 1/N，四个样本就大了四倍',
  shows: ['rule:adalineGradient', 'rule:adalineLoss'],
  measured: `∂E/∂w = (${[...rule.w.toTypedArray()].map((g) => g.toFixed(3)).join(', ')}) by the rule and the tape`,
  holds: derived.passed && !withoutMean.passed && rule.w.sub(onTape).abs().amax().item() < 1e-15,
});
// %%
const firstStep = lmsUpdate(oneSample.w, oneSample.b, oneSample.x, oneSample.t, 0.1);
const asBatch = adalineUpdate(oneSample.w, oneSample.b, oneSample.x.unsqueeze(1), oneSample.t.unsqueeze(0), 0.1);
await claim({
  en: 'one step from zero with x = (1, 1), t = 1, η = 0.1: z = 0, the error is 1, all parameters become 0.1',
  zh: '从零走一步，x = (1, 1)、t = 1、η = 0.1：z = 0，误差为 1，所有参数都变为 0.1',
  shows: ['adaline/step', 'rule:lmsUpdate', 'rule:adalineUpdate'],
  measured: `w = (${[...firstStep.w.toTypedArray()].join(', ')}), b = ${firstStep.b.item()}`,
  holds:
    firstStep.b.item() === 0.1 && isSame(firstStep.w, tensor([0.1, 0.1], float64)) && isSame(asBatch.w, firstStep.w),
});
// %% [markdown] en
/*
**Exercise 2.** Take the second step by hand: the same sample, from $\mathbf{w} = (0.1, 0.1)$, $b = 0.1$. What is $z$, what are the
new weights? After how many steps is the error $t - z$ below 0.01?

**Exercise 3.** Large weights are often punished: $E' = E + \tfrac{\lambda}{2} \lVert \mathbf{w} \rVert^2$. Derive the gradient and improve
the starting point below. The report says what is still missing.
*/
// %% [markdown] zh
/*
**练习 2.** 手算第二步：还是这个样本，从 $\mathbf{w} = (0.1, 0.1)$、$b = 0.1$ 出发。$z$ 是多少？新的权重是多少？多少步之后误差 $t - z$ 小于 0.01？

**练习 3.** 常常要惩罚过大的权重：$E' = E + \tfrac{\lambda}{2} \lVert \mathbf{w} \rVert^2$。推导梯度，改进下面的起点。报告会告诉你还差什么。
*/
// %%
const lambda = 0.1;
const withPenalty = (w: Tensor, b: Tensor, X: Tensor, t: Tensor): Tensor =>
  meanSquares(w, b, X, t).add(
    w
      .square()
      .sum()
      .mul(lambda / 2),
  );
// The starting point of exercise 3: something is missing in w.
const startingPoint = checkDerivation(
  (w, b, X, t) => {
    const errors = t.sub(w.matmul(X).add(b));
    return { w: X.matmul(errors).div(-4), b: errors.sum().div(-4) };
  },
  withPenalty,
  somewhere,
);
await show(String(startingPoint));
// %% [markdown] en
/*
## The surface of the error, and the way down

From here on with real flowers: 50 *Iris versicolor* (target 0) and 50 *Iris virginica* (target 1), measured by Anderson, made
famous by Fisher in 1936. First by the length of a petal alone, in centimetres: one weight, one bias. $E(w, b)$ is a bowl, and
its curvatures are the eigenvalues of the Hessian

$$\nabla^2 E = \frac{1}{N} \sum_j \tilde{\mathbf{x}}^{(j)} \tilde{\mathbf{x}}^{(j)\top}
= \begin{pmatrix} \overline{x^2} & \bar{x} \\ \bar{x} & 1 \end{pmatrix}.$$

Along a direction of curvature $\lambda$, a step multiplies the distance from the bottom by $1 - \eta\lambda$. So every rate above
$2/\lambda_{\max}$ diverges, and the flattest direction needs some $\lambda_{\max} / \lambda_{\min}$ steps. Standardised inputs,

$$x_i \leftarrow \frac{x_i - \mu_i}{\sigma_i + \epsilon},$$

have $\bar{x} = 0$ and $\overline{x^2} = 1$, and the bowl is round.
*/
// %% [markdown] zh
/*
## 误差曲面与下山的路

从这里起用真实的花：50 朵变色鸢尾（*versicolor*，目标 0）和 50 朵维吉尼亚鸢尾（*virginica*，目标 1），由 Anderson 测量，1936 年因
Fisher 而闻名。先只用花瓣长度（厘米）：一个权重，一个偏置。$E(w, b)$ 是一只碗，它的曲率是 Hessian 矩阵的特征值：

$$\nabla^2 E = \frac{1}{N} \sum_j \tilde{\mathbf{x}}^{(j)} \tilde{\mathbf{x}}^{(j)\top}
= \begin{pmatrix} \overline{x^2} & \bar{x} \\ \bar{x} & 1 \end{pmatrix}.$$

沿曲率为 $\lambda$ 的方向，每走一步，到碗底的距离就乘以 $1 - \eta\lambda$。所以学习率超过 $2/\lambda_{\max}$ 必然发散，而最平的方向大约需要
$\lambda_{\max} / \lambda_{\min}$ 步。标准化之后

$$x_i \leftarrow \frac{x_i - \mu_i}{\sigma_i + \epsilon},$$

$\bar{x} = 0$、$\overline{x^2} = 1$，碗就变圆了。
*/
// %%
const [measurements, species] = iris().tensors;
const allFlowers = measurements.to('float64').t();
const isVirginica = species.eq(2).to('float64').index(slice(50));
const flowers = allFlowers.index(slice(), slice(50));
const petalLength = flowers.index(slice(2, 3));
const standardized = (X: Tensor): Tensor => standardize(X, X.mean(1), X.std(1, { correction: 0 }), 1e-8);
const roundLength = standardized(petalLength);

const atZero = (inputs: number): NeuronParameters => ({ w: zeros([inputs], float64), b: tensor(0, float64) });
/** The least squares: where the gradient is zero. */
function bottomOf(X: Tensor, t: Tensor): NeuronParameters {
  const rows = stack([...X.unbind(0), ones([t.length], float64)], 0);
  const both = solve(rows.matmul(rows.t()), rows.matmul(t));
  return { w: both.index(slice(0, -1)), b: both.index(-1) };
}
/** The way of batch descent from zero. */
function descend(X: Tensor, t: Tensor, eta: number, steps: number): NeuronParameters[] {
  const way = [atZero(X.shape[0] ?? 0)];
  for (let { w, b } = way[0] as NeuronParameters; way.length <= steps; way.push({ w, b })) {
    ({ w, b } = adalineUpdate(w, b, X, t, eta));
  }
  return way;
}
/** The way of online descent, sample by sample in the given order. */
function descendOnline(
  X: Tensor,
  t: Tensor,
  eta: number,
  order: ArrayLike<number>,
  start: NeuronParameters = atZero(X.shape[0] ?? 0),
): NeuronParameters[] {
  const way = [start];
  let { w, b } = start;
  for (const k of Array.from(order)) {
    ({ w, b } = lmsUpdate(w, b, X.select(1, k), t.select(0, k), eta));
    way.push({ w, b });
  }
  return way;
}
// %%
const asPath = (way: readonly NeuronParameters[]): number[][] => way.map(({ w, b }) => [w.sum().item(), b.item()]);
/** E at many (w, b) at once. */
const errorSurface = (x: Tensor, t: Tensor) => (points: Float64Array, n: number) =>
  fromArray(points, [n, 2])
    .matmul(stack([x.squeeze(0), ones([t.length], float64)], 0))
    .sub(t)
    .square()
    .mean(1)
    .mul(0.5)
    .toTypedArray();
manualSeed(3);
const onceThrough = randperm(100).toTypedArray();
const roundWay = descend(roundLength, isVirginica, 0.4, 12);
await show(
  landscape(errorSurface(petalLength, isVirginica), {
    title: 'In centimetres: a narrow valley',
    subtitle: '200 steps of batch descent at η = 0.06 from (0, 0); the cross is the bottom',
    x: [-0.3, 0.7],
    y: [-2.2, 0.6],
    xLabel: 'weight w (per cm)',
    yLabel: 'bias b',
    heightScale: 'log',
    paths: { batch: asPath(descend(petalLength, isVirginica, 0.06, 200)) },
    marks: asPath([bottomOf(petalLength, isVirginica)]),
    height: 380,
  }),
  landscape(errorSurface(roundLength, isVirginica), {
    title: 'Standardised: a round bowl',
    subtitle: '12 batch steps at η = 0.4; 100 online steps at η = 0.05',
    x: [-0.2, 0.7],
    y: [-0.07, 0.64],
    xLabel: 'weight w (per standard deviation)',
    yLabel: 'bias b',
    heightScale: 'log',
    paths: {
      batch: asPath(roundWay),
      online: asPath(descendOnline(roundLength, isVirginica, 0.05, onceThrough)),
    },
    marks: asPath([bottomOf(roundLength, isVirginica)]),
    width: 480,
    height: 380,
  }),
);
const errorAt = ({ w, b }: NeuronParameters, X: Tensor, t: Tensor): number => adalineLoss(w, b, X, t).item();
const leastRound = errorAt(bottomOf(roundLength, isVirginica), roundLength, isVirginica);
const heights = roundWay.map((neuron) => errorAt(neuron, roundLength, isVirginica));
await claim({
  en: 'z, error, gradient, update, and again: E falls at every turn of the loop, down to the least squares',
  zh: '算 z、求误差、求梯度、更新，如此循环：E 每一圈都在下降，直到最小二乘解',
  shows: ['adaline/training', 'rule:adalineLoss', 'rule:adalineUpdate'],
  measured: `12 steps: E from ${heights[0]?.toFixed(3)} to ${heights.at(-1)?.toFixed(4)}, where the least is ${leastRound.toFixed(4)}`,
  holds: heights.every((height, k) => k === 0 || height < (heights[k - 1] ?? 0)),
});
// %% [markdown] en
/*
### How large a rate does each bear?

Now all four measurements, in three ways: as they are, in centimetres; with sepals in metres and petals in millimetres, as a
careless file might have them; and standardised. The largest rate that does not diverge is found by trying and halving, without
a look at the Hessian. Then, at half of that rate, count the steps until 99 % of what there is to gain is gained.
*/
// %% [markdown] zh
/*
### 步子最大能迈多大？

现在用全部四个测量值，分三种情形：原始数据（厘米）；花萼用米、花瓣用毫米（粗心的数据文件常这样）；以及标准化之后。
先不看 Hessian，用二分法试出不发散的最大学习率；再以它的一半为学习率，数一数走多少步能得到全部可能下降量的 99 %。
*/
// %%
const careless = flowers.mul(tensor([[0.01], [0.01], [10], [10]], float64));
const kinds = { 'in cm': flowers, 'in m and mm': careless, standardised: standardized(flowers) };
/** Whether 400 steps lead away from the bottom, after a small push. */
function diverges(X: Tensor, eta: number): boolean {
  const bottom = bottomOf(X, isVirginica);
  let neuron: NeuronParameters = { w: bottom.w.add(1e-3), b: bottom.b.add(1e-3) };
  for (let step = 0; step < 400; step++) neuron = adalineUpdate(neuron.w, neuron.b, X, isVirginica, eta);
  return !(neuron.w.sub(bottom.w).norm().item() < 0.01);
}
function largestRate(X: Tensor): number {
  let [low, high] = [1e-6, 10];
  while (high / low > 1.01) {
    const middle = Math.sqrt(low * high);
    if (diverges(X, middle)) high = middle;
    else low = middle;
  }
  return low;
}
/** Steps of batch descent from zero until 99 % of what there is to gain is gained. */
function stepsToGain(X: Tensor, eta: number): number {
  let { w, b } = atZero(4);
  const least = errorAt(bottomOf(X, isVirginica), X, isVirginica);
  const enough = least + 0.01 * (errorAt({ w, b }, X, isVirginica) - least);
  const advance = compile((w: Tensor, b: Tensor) => {
    const next = adalineUpdate(w, b, X, isVirginica, eta);
    return { ...next, E: adalineLoss(next.w, next.b, X, isVirginica) };
  });
  for (let steps = 1; steps <= mostSteps; steps++) {
    const next = advance(w, b);
    if (next.E.item() < enough) return steps;
    ({ w, b } = next);
  }
  return mostSteps;
}
/** The curvatures of E, the least one first. */
function curvatures(X: Tensor): Tensor {
  const E = (p: Tensor): Tensor => meanSquares(p.index(slice(0, -1)), p.index(-1), X, isVirginica);
  return eigvalsh(hessian(E)(zeros([5], float64)));
}
const mostSteps = sized({ full: 20_000, short: 2000 });
const borne = Object.entries(kinds).map(([name, X]) => {
  const values = curvatures(X);
  const [least, most] = [values.amin().item(), values.amax().item()];
  const rate = largestRate(X);
  return { name, condition: most / least, predicted: 2 / most, rate, steps: stepsToGain(X, rate / 2) };
});
await showTable(
  ['inputs', 'λmax / λmin', '2 / λmax', 'largest rate found', 'steps at half of it'],
  borne.map(({ name, condition, predicted, rate, steps }) => [
    name,
    Number(condition.toPrecision(2)).toLocaleString('en'),
    predicted.toPrecision(2),
    rate.toPrecision(2),
    steps < mostSteps ? steps : `more than ${mostSteps}`,
  ]),
);
const [centimetres, mixed, deviations] = borne.map(({ rate, steps }) => ({ rate, steps }));
await claim({
  en: 'standardised inputs bear a far larger rate and need far fewer steps; what each bears is 2 / λmax',
  zh: '标准化之后能承受的学习率大得多，所需步数少得多；各自的上限正是 2 / λmax',
  shows: ['adaline/standardized', 'rule:standardize'],
  measured: borne
    .map(
      ({ name, rate, steps }) =>
        `${name}: η < ${rate.toPrecision(2)}, ${steps < mostSteps ? steps : `> ${steps}`} steps`,
    )
    .join('; '),
  holds:
    (deviations?.rate ?? 0) > 10 * Math.max(centimetres?.rate ?? 1, mixed?.rate ?? 1) &&
    10 * (deviations?.steps ?? 1e9) < Math.min(centimetres?.steps ?? 0, mixed?.steps ?? 0) &&
    borne.every(({ rate, predicted }) => Math.abs(rate / predicted - 1) < 0.05),
});
// %% [markdown] en
/*
### Online or batch?

A batch step uses all samples for one update, an online step one of them. In the time of one batch step, online learning has made
100, each by a noisy gradient. Below, both see the same number of samples; the online rate stays fixed.
*/
// %% [markdown] zh
/*
### 在线还是批量？

批量更新用全部样本换来一步，在线更新每个样本走一步。走一步批量的工夫，在线已经走了 100 步，只是每步的梯度都带噪声。
下面让两者看过同样多的样本；在线的学习率固定不变。
*/
// %%
const roundFlowers = standardized(flowers);
const bottomOfFour = bottomOf(roundFlowers, isVirginica);
const aboveLeast = (way: readonly NeuronParameters[]): number[] =>
  way.map((neuron) => errorAt(neuron, roundFlowers, isVirginica) - errorAt(bottomOfFour, roundFlowers, isVirginica));
const passes = sized({ full: 10, short: 3 });
const batchErrors = aboveLeast(descend(roundFlowers, isVirginica, 0.4, passes));
function onlineErrors(eta: number, seed: number, start?: NeuronParameters): number[] {
  manualSeed(seed);
  const order = Array.from({ length: passes }, () => [...randperm(100).toTypedArray()]).flat();
  return aboveLeast(descendOnline(roundFlowers, isVirginica, eta, order, start));
}
const seeds = Array.from({ length: sized({ full: 20, short: 3 }) }, (_, seed) => seed);
const quick = seeds.map((seed) => onlineErrors(0.05, seed));
const careful = seeds.map((seed) => onlineErrors(0.005, seed));
const samplesSeen = quick[0]?.map((_, k) => k) ?? [];
await show(
  lineChart(
    {
      'online, η = 0.05': { x: samplesSeen, y: quick[0] ?? [] },
      'online, η = 0.005': { x: samplesSeen, y: careful[0] ?? [] },
      'batch, η = 0.4': { x: batchErrors.map((_, k) => 100 * k), y: batchErrors },
    },
    {
      title: 'Online is early and rough, batch is late and smooth',
      subtitle: 'error above the least possible, seed 0',
      xLabel: 'samples seen',
      yLabel: 'E − least E',
      yScale: 'log',
    },
  ),
);
const upwards = (errors: readonly number[]): number =>
  mean(errors.slice(1).map((error, k) => (error > (errors[k] ?? 0) ? 100 : 0)));
const range = (numbers: readonly number[], digits: number): string =>
  `${Math.min(...numbers).toFixed(digits)}–${Math.max(...numbers).toFixed(digits)}`;
const afterPass = quick.map((errors) => errors[100] ?? 1);
await claim({
  en: 'of the online updates many raise the error over all samples, of the batch updates none',
  zh: '在线更新中有许多反而使总误差上升，批量更新则一次也没有',
  shows: ['adaline/online-batch', 'rule:lmsUpdate', 'rule:adalineUpdate'],
  measured: `${seeds.length} seeds: ${range(quick.map(upwards), 0)} % of online updates go up at η = 0.05, ${range(careful.map(upwards), 0)} % at 0.005; batch ${upwards(batchErrors)} %`,
  holds: quick.every((errors) => upwards(errors) > 20) && upwards(batchErrors) === 0,
});
const [farOff, near] = [0.05, 0.005].map((eta) => seeds.map((seed) => mean(onlineErrors(eta, seed, bottomOfFour))));
await claim({
  en: 'after one pass online is lower than batch, for every seed; but at a fixed rate it does not stay even at the bottom, and hovers above it, the higher the larger the rate',
  zh: '看过一遍样本后，每个种子下在线都比批量低；但学习率固定时，即使从最低点出发也停不住，而是在上方徘徊，学习率越大徘徊得越高',
  shows: ['adaline/online-batch'],
  measured: `above the least E, after one pass: online ${range(afterPass, 4)}, batch ${batchErrors[1]?.toFixed(4)}; from the bottom, mean of ${passes} passes: ${range(farOff ?? [], 4)} at η = 0.05, ${range(near ?? [], 5)} at 0.005`,
  holds:
    afterPass.every((error) => error < (batchErrors[1] ?? 0)) &&
    Math.min(...(farOff ?? [])) > 3 * Math.max(...(near ?? [1])),
});
// %% [markdown] en
/*
### From z to an answer

ADALINE is trained as a regression on $t$; to answer, it compares: $y = 1$ where $z \ge \theta$. The places with $z = \theta$ are a
line again: $\mathbf{w}^\top \mathbf{x} + b = \theta$, a hyperplane across $\mathbf{w}$, whatever $\theta$ is. Another threshold shifts it and
does not turn it.
*/
// %% [markdown] zh
/*
### 从 z 到判断

ADALINE 训练时是对 $t$ 的回归，推理时才比较：$z \ge \theta$ 就判 $y = 1$。满足 $z = \theta$ 的点还是一条直线：
$\mathbf{w}^\top \mathbf{x} + b = \theta$，与 $\mathbf{w}$ 垂直的超平面，不论 $\theta$ 取多少。换阈值只是平移，不会转动。
*/
// %%
const petals = flowers.index(slice(2)).t();
const adaline = new Adaline({ mode: 'batch', learningRate: 0.5, epochs: 300, standardize: true });
adaline.fit(petals, isVirginica);
await show(
  decisionBoundary((points, n) => adaline.decisionFunction(fromArray(points, [n, 2])), petals, isVirginica, {
    title: 'ADALINE on two measurements',
    subtitle: 'the colour is z, the line z = 0.5',
    classNames: ['versicolor', 'virginica'],
    xLabel: 'petal length (cm)',
    yLabel: 'petal width (cm)',
  }),
);
const rightOfFlowers = 100 * adaline.score(petals, isVirginica);
await claim({
  en: 'fitted as a regression and answered by z ≥ 0.5, two measurements tell most flowers of the two species apart',
  zh: '按回归拟合、按 z ≥ 0.5 判断，两个测量值就能区分两种鸢尾中的绝大多数',
  shows: ['adaline/threshold', 'rule:decide'],
  measured: `${rightOfFlowers} % of 100 flowers`,
  holds: rightOfFlowers >= 90,
});
// %%
// 1000 pairs of points of the boundary of four measurements: all that lies on the line through two of them is on it, too.
const onAll = bottomOfFour;
const unit = onAll.w.div(onAll.w.norm());
manualSeed(4);
const onBoundary = (): Tensor => {
  const points = randn([4, 1000], float64);
  const tooFar = netInput(onAll.w, onAll.b, points).sub(0.5).div(onAll.w.norm());
  return points.sub(unit.unsqueeze(1).mul(tooFar));
};
const [one, other, share] = [onBoundary(), onBoundary(), rand([1000], float64).mul(6).sub(3)];
const between = one.mul(share).add(other.mul(share.neg().add(1)));
const offBoundary = netInput(onAll.w, onAll.b, between).sub(0.5).abs().amax().item();
await claim({
  en: 'the boundary of four measurements is flat: lines through two of its points stay on it',
  zh: '四个测量值的决策边界是平的：过其上两点的直线始终在边界上',
  shows: ['adaline/boundary'],
  measured: '1000 lines, off by less than 1e-13',
  holds: offBoundary < 1e-13,
});
// %% [markdown] en
/*
### Should the threshold be tuned?

The notes say that $\theta$ may be tuned on held-out samples, to 0 or 0.5 for instance. Try it on two tasks, by the length of a
petal alone: virginica against versicolor, where both classes lie alike around the line; and virginica against *both* other
species, where the 50 small setosas are no problem at all, yet each pulls at the line with its squared error. In every run 50 %
of the flowers are for fitting, 25 % for choosing $\theta$, and the last 25 % for the accuracy.
*/
// %% [markdown] zh
/*
### 阈值该不该调？

讲义说 $\theta$ 可以在留出集上调整，例如取 0 或 0.5。只用花瓣长度，试两个任务：一是维吉尼亚鸢尾对变色鸢尾，两类在分界线两侧大致对称；
二是维吉尼亚鸢尾对*其余两种*，其中 50 朵很小的山鸢尾（setosa）本来毫无难度，却各自以平方误差拉扯着直线。
每次运行用 50 % 的花拟合，25 % 选 $\theta$，最后 25 % 计算正确率。
*/
// %%
const manySplits = Array.from({ length: sized({ full: 100, short: 20 }) }, (_, seed) => seed);
const accuracy = (z: Tensor, theta: number, t: Tensor): number =>
  100 * decide(z, theta).eq(t).to('float64').mean().item();
/** Accuracies with θ = 0, θ = 0.5, and the θ that is best on held-out flowers. */
function withThresholds(x: Tensor, t: Tensor, seed: number): number[] {
  manualSeed(seed);
  const order = randperm(t.length);
  const cuts = [0, 0.5, 0.75, 1].map((part) => Math.round(part * t.length));
  const [fitting, choosing, testing] = [0, 1, 2].map((k) => order.index(slice(cuts[k], cuts[k + 1])));
  const part = (chosen: Tensor = order) => ({ x: x.indexSelect(1, chosen), t: t.indexSelect(0, chosen) });
  const neuron = bottomOf(part(fitting).x, part(fitting).t);
  const score = (chosen: Tensor | undefined, theta: number): number =>
    accuracy(netInput(neuron.w, neuron.b, part(chosen).x), theta, part(chosen).t);
  const thetas = Array.from({ length: 41 }, (_, k) => k / 40);
  const scores = thetas.map((theta) => score(choosing, theta));
  // Of equally good ones the middle one.
  const best = thetas.filter((_, k) => scores[k] === Math.max(...scores));
  const tuned = best[Math.floor(best.length / 2)] ?? 0.5;
  return [0, 0.5, tuned].map((theta) => score(testing, theta));
}
const tasks = {
  'against versicolor': [petalLength, isVirginica],
  'against both': [allFlowers.index(slice(2, 3)), species.eq(2).to('float64')],
} as const;
const results = Object.entries(tasks).map(([name, [x, t]]) => {
  const runs = manySplits.map((seed) => withThresholds(x, t, seed));
  const gains = runs.map(([, half = 0, tuned = 0]) => tuned - half);
  const error = Math.sqrt(mean(gains.map((gain) => (gain - mean(gains)) ** 2)) / gains.length);
  return { name, means: [0, 1, 2].map((k) => mean(runs.map((run) => run[k] ?? 0))), gain: mean(gains), error };
});
await showTable(
  ['virginica …', 'θ = 0', 'θ = 0.5', 'θ tuned', 'gain over 0.5'],
  results.map(({ name, means, gain, error }) => [
    name,
    ...means.map((value) => `${value.toFixed(1)} %`),
    `${gain.toFixed(1)} ± ${error.toFixed(1)}`,
  ]),
);
const [alike, pulled] = results;
await claim({
  en: 'a tuned threshold gains where far samples pull at the line; where the classes lie alike it loses, by the chance of 25 held-out flowers; θ = 0 is no choice for targets 0 and 1',
  zh: '有远处样本拉扯直线时，调阈值有好处；两类对称时反而有损失，因为 25 朵留出的花带来偶然性；目标为 0 和 1 时，θ = 0 根本不可取',
  shows: ['adaline/tuned-threshold', 'rule:decide'],
  measured: `${manySplits.length} splits: ${results.map(({ name, gain, error }) => `${name} ${gain.toFixed(1)} ± ${error.toFixed(1)} points`).join(', ')}; θ = 0: ${results.map(({ means }) => `${means[0]?.toFixed(0)} %`).join(' and ')}`,
  holds: (alike?.gain ?? 9) < 1 && (pulled?.gain ?? 0) > 1.5 && (alike?.means[0] ?? 100) < 70,
  documentSays: {
    en: 'the threshold can be tuned on a validation set, to 0 or 0.5 for instance (0 belongs to targets −1 and 1, and tuning is not always a gain)',
    zh: '阈值可用验证集调优，如 0 或 0.5（其实 0 适用于目标 −1 与 1，而且调了不一定更好）',
  },
});
// %% [markdown] en
/*
### Finer and steadier, but not always right

ADALINE minimises squares, not mistakes, and the two are not the same. Six numbers: small ones are 0, large ones 1, and one of them
is very large. Any line between 1 and 2 is right. The perceptron finds one. ADALINE does not want it: the far sample would get a
$z$ far above 1, and be punished for being *too* right.
*/
// %% [markdown] zh
/*
### 更细腻、更稳定，却未必判得对

ADALINE 最小化的是平方误差，而不是错误个数，这是两回事。六个数：小的为 0，大的为 1，其中一个特别大。1 与 2 之间任何一处分界都完全正确。
感知机找得到；ADALINE 却不要它：那样远处样本的 $z$ 会远大于 1，因为“*太*正确”而受罚。
*/
// %%
const sizes = tensor([0, 0.5, 1, 2, 2.5, 20], float64).unsqueeze(1);
const isLarge = tensor([0, 0, 0, 1, 1, 1], float64);
const separating = new Perceptron({ shuffle: false }).fit(sizes, isLarge);
const regressing = new Adaline({ mode: 'batch', learningRate: 0.02, epochs: 5000 }).fit(sizes, isLarge);
const answers = { perceptron: separating.predict(sizes), ADALINE: regressing.predict(sizes) };
await showTable(['x', ...sizes.toTypedArray()].map(String), [
  ['target', ...isLarge.toTypedArray()],
  ...Object.entries(answers).map(([name, y]) => [name, ...y.toTypedArray()]),
]);
const mistakesOfPerceptron = separating.errors.reduce((sum, errors) => sum + errors, 0);
await claim({
  en: 'samples that a line separates: the perceptron separates them, ADALINE at its least error does not',
  zh: '线性可分的样本：感知机分得开，误差最小的 ADALINE 却分不开',
  shows: ['adaline/threshold'],
  measured: `perceptron: all right after ${mistakesOfPerceptron} mistakes; ADALINE: ${Math.round(6 * regressing.score(sizes, isLarge))} of 6 right`,
  holds: separating.isConverged && regressing.score(sizes, isLarge) < 1,
  documentSays: {
    en: 'correcting by the size of the error is finer and more stable (it is, but it is no promise to separate)',
    zh: '误差有多大就改多少，纠错更细腻更稳定（确实如此，但不保证分得开）',
  },
});
// %% [markdown] en
/*
## XOR, first way: invent a feature

One neuron is too straight for XOR only as long as it sees $x_1$ and $x_2$ alone. Give it their product, too:

$$\phi(\mathbf{x}) = [x_1,\; x_2,\; x_1 x_2], \qquad z = \mathbf{w}^\top \phi(\mathbf{x}) + b, \qquad y = \mathbb{1}[z \ge 0.5].$$

```mermaid
graph LR
X1(("x₁")) --> F["φ(x) = [x₁, x₂, x₁x₂]"]
X2(("x₂")) --> F
F --> A["ADALINE z = wᵀφ(x) + b"]
A --> Y["y = 1 where z ≥ 0.5"]
```

With $\mathbf{w} = (1, 1, -2)$ and $b = 0$ the product takes away twice what the two together brought in.
*/
// %% [markdown] zh
/*
## XOR 的第一条路：设计一个特征

单个神经元对 XOR 来说“太直”，那只是因为它只看到 $x_1$ 和 $x_2$。再给它看两者的乘积：

$$\phi(\mathbf{x}) = [x_1,\; x_2,\; x_1 x_2], \qquad z = \mathbf{w}^\top \phi(\mathbf{x}) + b, \qquad y = \mathbb{1}[z \ge 0.5].$$

```mermaid
graph LR
X1(("x₁")) --> F["φ(x) = [x₁, x₂, x₁x₂]"]
X2(("x₂")) --> F
F --> A["ADALINE z = wᵀφ(x) + b"]
A --> Y["z ≥ 0.5 时 y = 1"]
```

取 $\mathbf{w} = (1, 1, -2)$、$b = 0$：两者同时为 1 时，乘积项把它们带来的 2 全部减掉。
*/
// %%
const phi = productFeatures(corners);
const byHand = new XorByFeatures().decisionFunction(cornerRows); // untaught, it has the weights above
await showTable(
  ['x₁', 'x₂', 'x₁x₂', 'z', 'z ≥ 0.5'],
  [0, 1, 2, 3].map((k) => [
    ...phi.select(1, k).toTypedArray(),
    byHand.select(0, k).item(),
    decide(byHand, 0.5).select(0, k).item(),
  ]),
);
await claim({
  en: 'with x₁x₂ as a third input, w = (1, 1, −2), b = 0 and θ = 0.5 is XOR',
  zh: '以 x₁x₂ 为第三个输入，w = (1, 1, −2)、b = 0、θ = 0.5 就是 XOR',
  shows: ['xor/features', 'xor/pipeline', 'rule:productFeatures', 'rule:xorOfProductFeatures', 'rule:decide'],
  measured: `z = ${[...byHand.toTypedArray()].join(', ')}`,
  holds: isSame(decide(byHand, 0.5), truth.xor) && isSame(xorOfProductFeatures(corners), truth.xor),
});
// %% [markdown] en
/*
### And learned

LMS from zero, online and in batches; and for comparison the same on $x_1, x_2$ alone, where the best that it can do is to say
$\tfrac12$ of everything: $E = \tfrac18$.
*/
// %% [markdown] zh
/*
### 让它自己学

LMS 从零开始，在线与批量各学一次；作为对照，再只用 $x_1, x_2$ 学：它最好也只能对一切都答 $\tfrac12$，即 $E = \tfrac18$。
*/
// %%
const onFeatures = { epochs: 600, shuffle: false };
const online = new XorByFeatures({ ...onFeatures, mode: 'online', learningRate: 0.3 }).fit(cornerRows, truth.xor);
const batch = new XorByFeatures({ ...onFeatures, mode: 'batch', learningRate: 0.9 }).fit(cornerRows, truth.xor);
const without = new Adaline({ ...onFeatures, mode: 'batch', learningRate: 0.9 }).fit(cornerRows, truth.xor);
const shown = Object.fromEntries(
  Object.entries({ 'without x₁x₂': without, 'batch, η = 0.9': batch, 'online, η = 0.3': online }).map(
    ([name, { losses }]) => [name, losses.slice(0, 150)],
  ),
);
await show(
  lineChart(shown, { title: 'LMS learns XOR once it sees x₁x₂', xLabel: 'epoch', yLabel: 'E', yScale: 'log' }),
);
const found = [...online.w.toTypedArray(), online.b.item()].map((weight) =>
  weight.toFixed(3).replace('-0.000', '0.000'),
);
await claim({
  en: 'LMS finds the very weights (1, 1, −2) and b = 0, the only ones with E = 0; without the feature it stays at 1/8',
  zh: 'LMS 找到的正是 (1, 1, −2) 与 b = 0，也是唯一使 E = 0 的参数；没有该特征则停在 1/8',
  shows: ['xor/features-learned', 'rule:lmsUpdate', 'rule:productFeatures'],
  measured: `w = (${found.slice(0, 3).join(', ')}), b = ${found[3]} after 600 epochs; without: E = ${without.losses.at(-1)?.toFixed(4)}`,
  holds:
    found.join() === '1.000,1.000,-2.000,0.000' &&
    batch.w.sub(online.w).abs().amax().item() < 1e-3 &&
    Math.abs((without.losses.at(-1) ?? 0) - 1 / 8) < 1e-6,
});
decisionBoundary((points, n) => online.decisionFunction(fromArray(points, [n, 2])), cornerRows, truth.xor, {
  title: 'Straight in φ, bent in x',
  subtitle: 'z as learned by LMS',
  ...cornerLabels,
});
// %% [markdown] en
/*
## XOR, second way: a hidden layer

Two units with $\operatorname{ReLU}(z) = \max(0, z)$, and one that combines them:

$$\mathbf{h} = \operatorname{ReLU}(V \mathbf{x} + \mathbf{c}), \qquad y = \operatorname{ReLU}(\mathbf{w}^\top \mathbf{h} + b),$$

$$V = \begin{pmatrix} 1 & 1 \\ 1 & 1 \end{pmatrix}, \quad \mathbf{c} = \begin{pmatrix} 0 \\ -1 \end{pmatrix}, \quad
\mathbf{w} = \begin{pmatrix} 1 \\ -2 \end{pmatrix}, \quad b = 0.$$

$h_1$ counts the ones. $h_2$ wakes up only at the second one, and is taken away twice.
*/
// %% [markdown] zh
/*
## XOR 的第二条路：隐含层

两个 $\operatorname{ReLU}(z) = \max(0, z)$ 单元，再加一个把它们组合起来的单元：

$$\mathbf{h} = \operatorname{ReLU}(V \mathbf{x} + \mathbf{c}), \qquad y = \operatorname{ReLU}(\mathbf{w}^\top \mathbf{h} + b),$$

$$V = \begin{pmatrix} 1 & 1 \\ 1 & 1 \end{pmatrix}, \quad \mathbf{c} = \begin{pmatrix} 0 \\ -1 \end{pmatrix}, \quad
\mathbf{w} = \begin{pmatrix} 1 \\ -2 \end{pmatrix}, \quad b = 0.$$

$h_1$ 数有几个 1；$h_2$ 到第二个 1 才醒来，并以两倍的分量减去。
*/
// %%
const { V, c, w, b } = new XorByTwoLayers().weights; // untaught, the weights above
const h = reluRule(dense(V, corners.to('float32'), c));
const y = reluRule(netInput(w, b, h));
for (const k of [0, 1, 2, 3]) {
  const x = corners.select(1, k);
  const [x1, x2] = x.toTypedArray();
  await show(
    networkDiagram([V, w.unsqueeze(0)], {
      title: `XOR of (${x1}, ${x2})`,
      subtitle: 'values in the circles, biases below',
      biases: [c, b.unsqueeze(0)],
      values: [x, h.select(1, k), y.select(0, k).unsqueeze(0)],
      layerNames: ['x', 'h', 'y'],
    }),
  );
}
const asRule = xorOfTwoLayers(corners);
await claim({
  en: 'two layers of ReLU with these weights are XOR',
  zh: '取这组权重的两层 ReLU 网络就是 XOR',
  shows: ['xor/two-layers', 'xor/two-layers-figure', 'rule:xorOfTwoLayers', 'rule:dense', 'rule:relu'],
  measured: `h = ${h
    .unbind(1)
    .map((column) => `(${column.toTypedArray().join(', ')})`)
    .join(' ')}; y = ${y.toTypedArray().join(', ')}`,
  holds: isSame(y.to('float64'), truth.xor) && isSame(h.to('float64'), asRule.h) && isSame(asRule.y, truth.xor),
});
// %% [markdown] en
/*
Why it works is best seen in the plane of $(h_1, h_2)$. The layer has folded it: $(0,1)$ and $(1,0)$ have become one point, and now
a straight line does.
*/
// %% [markdown] zh
/*
为什么有效？到 $(h_1, h_2)$ 平面上看最清楚。隐含层把平面折了一下：$(0,1)$ 与 $(1,0)$ 变成了同一个点，于是一条直线就够了。
*/
// %%
await show(
  decisionBoundary(
    ofPoints((H) => netInput(w, b, H.to('float32'))),
    h.t(),
    truth.xor,
    {
      title: 'What the output unit sees',
      subtitle: 'three points: two of the four have become one',
      xLabel: 'h₁',
      yLabel: 'h₂',
      width: 440,
      height: 370,
    },
  ),
  decisionBoundary(
    ofPoints((X) => reluRule(netInput(w, b, reluRule(dense(V, X.to('float32'), c))))),
    corners.t(),
    truth.xor,
    { title: 'And what that is in the plane of x', subtitle: 'the colour is y', ...cornerLabels },
  ),
);
// %% [markdown] en
/*
### Learned: how often does it work?

That two hidden units *can* do XOR does not mean that they *find* it. So: many networks from drawn weights, all trained at once (the
first dimension of every tensor is the network), by plain gradient descent on $E$. A network counts as successful if its four
answers are right to within 0.1. Three variants: ReLUs as in the notes, with a ReLU at the output, too; the same with a linear
output; and tanh.
*/
// %% [markdown] zh
/*
### 学出来：成功率有多高？

两个隐含单元*能够*实现 XOR，不等于*找得到*。于是：随机初始化许多网络，一起训练（每个张量的第一维是网络编号），用普通的梯度下降最小化
$E$。四个输出与目标都相差不到 0.1 才算成功。比较三种：与讲义相同的 ReLU（输出层也是 ReLU）；输出改为线性；以及 tanh。
*/
// %%
const networks = sized({ full: 400, short: 60 });
const steps = sized({ full: 3000, short: 2000 });
type Activation = (z: Tensor) => Tensor;
interface TrainedNetworks {
  /** Of each network, at the end. */
  readonly errors: Float64Array | Float32Array;
  readonly isRight: boolean[];
  readonly answer: (network: number, X: Tensor) => Tensor;
}
/** Many networks with one hidden layer, each from its own drawn weights. */
function learnXor(hidden: number, f: Activation, output: Activation): TrainedNetworks {
  manualSeed(7);
  const parameters = {
    V: new Parameter(randn([networks, hidden, 2])),
    c: new Parameter(zeros([networks, hidden, 1])),
    w: new Parameter(randn([networks, 1, hidden]).mul(Math.sqrt(2 / hidden))),
    b: new Parameter(zeros([networks, 1, 1])),
  };
  const { V, c, w, b } = parameters;
  const [X, t] = [corners.to('float32'), truth.xor.to('float32')];
  const outputs = (X: Tensor): Tensor => output(w.matmul(f(V.matmul(X).add(c))).add(b)).squeeze(1);
  const optimizer = new SGD(Object.values(parameters), { lr: 0.1 });
  const step = compile(() => {
    const errors = outputs(X).sub(t).square().mean(1).mul(0.5);
    optimizer.zeroGrad();
    errors.sum().backward();
    optimizer.step();
    return errors;
  });
  for (let k = 1; k < steps; k++) step();
  const errors = step().toTypedArray() as Float32Array;
  const worst = outputs(X).sub(t).abs().amax(1).toTypedArray();
  return {
    errors,
    isRight: [...worst].map((distance) => distance < 0.1),
    answer: (network, X) => outputs(X.to('float32')).select(0, network),
  };
}

const linear: Activation = (z) => z;
const hiddenUnits = sized({ full: [2, 3, 4, 6, 8, 16], short: [2, 16] });
const variants = {
  'tanh, linear output': [tanh, linear],
  'ReLU, linear output': [relu, linear],
  'ReLU, ReLU output (the notes)': [relu, relu],
} as const;
const trained = Object.entries(variants).map(([name, [f, output]]) => ({
  name,
  runs: hiddenUnits.map((hidden) => learnXor(hidden, f, output)),
}));
const shareRight = ({ isRight }: TrainedNetworks): number => mean(isRight.map((right) => (right ? 100 : 0)));
await show(
  lineChart(
    Object.fromEntries(
      trained.map(({ name, runs }) => {
        const shares = runs.map(shareRight);
        const error = shares.map((share) => 2 * Math.sqrt((share * (100 - share)) / networks));
        const band = {
          low: shares.map((share, k) => Math.max(0, share - (error[k] ?? 0))),
          high: shares.map((share, k) => Math.min(100, share + (error[k] ?? 0))),
        };
        return [name, { x: hiddenUnits, y: shares, band }];
      }),
    ),
    {
      title: 'How many networks learn XOR',
      subtitle: `${networks} networks each, ${steps} steps; band: two standard errors`,
      xLabel: 'hidden units',
      yLabel: 'successful networks (%)',
    },
  ),
);
const withTwo = trained.map(({ runs }) => (runs[0] === undefined ? 0 : shareRight(runs[0])));
const withSixteen = trained.map(({ runs }) => shareRight(runs.at(-1) as TrainedNetworks));
const inPercent = (shares: readonly number[]): string =>
  shares.map((share, k) => `${trained[k]?.name} ${share.toFixed(0)} %`).join('; ');
await claim({
  en: 'two hidden units suffice for XOR, but few drawn networks of two ReLUs find it by descent; with 16 and a linear output almost all do',
  zh: '两个隐含单元足以实现 XOR，但随机初始化的两单元 ReLU 网络很少能靠梯度下降找到；16 个单元、线性输出则几乎都能',
  shows: ['xor/two-layers-learned'],
  measured: `of ${networks} networks succeed, with 2 units: ${inPercent(withTwo)}; with 16: ${inPercent(withSixteen)}`,
  holds: (withTwo[1] ?? 100) < 50 && (withTwo[0] ?? 0) > 60 && (withSixteen[0] ?? 0) > 90 && (withSixteen[1] ?? 0) > 90,
  documentSays: {
    en: 'two hidden neurons learn the two lines and the output joins them: two layers are enough',
    zh: '两个隐藏神经元学到“局部直线”，输出层拼成“折线”：两层就够',
  },
});
const asleep = trained[2]?.runs.at(-1);
const endsAsleep = [...(asleep?.errors ?? [])].filter((_, k) => asleep?.isRight[k] === false);
const oneOrBoth = [1 / 8, 1 / 4].map((E) => endsAsleep.filter((error) => Math.abs(error - E) < 0.001).length);
await claim({
  en: 'a ReLU at the output, harmless with weights by hand, ruins learning: where z < 0 for (0, 1) or (1, 0), the answer is 0 and so is the gradient',
  zh: '输出层的 ReLU 在手工权重下无害，却会毁掉学习：(0, 1) 或 (1, 0) 处若 z < 0，输出是 0，梯度也是 0',
  shows: ['xor/two-layers-learned', 'rule:relu'],
  measured: `16 hidden units: ${withSixteen[2]?.toFixed(0)} % succeed; of ${endsAsleep.length} that fail ${oneOrBoth[0]} answer 0 to one of the two (E = 1/8), ${oneOrBoth[1]} to both (E = 1/4)`,
  holds: (withSixteen[2] ?? 100) < 60 && (oneOrBoth[0] ?? 0) + (oneOrBoth[1] ?? 0) > 0.9 * endsAsleep.length,
  documentSays: {
    en: 'the output is a ReLU, too: y = ReLU(wᵀh + b)',
    zh: '输出层同样取 ReLU：y = ReLU(wᵀh + b)',
  },
});
// %% [markdown] en
/*
Where do the networks of two ReLUs and a linear output end that fail? Not just anywhere, but on three plateaus: two inputs get
the same answer $\tfrac12$ though one should be 0 and one 1 ($E = \tfrac18 \cdot 2 \cdot \tfrac14 = \tfrac1{16}$); or three
inputs the mean of their targets ($E = \tfrac18 \cdot \tfrac23 = \tfrac1{12}$); or all four ($E = \tfrac18$). The second picture
shows how one stays at $\tfrac1{12}$: where the plane is flat both ReLUs are asleep, and give 0 for three inputs. Of these only $b$
still learns, and it has already found the mean.
*/
// %% [markdown] zh
/*
两个 ReLU、线性输出的网络若失败，会停在哪里？并不是随便什么地方，而是三个“台阶”：两个输入得到同样的答案 $\tfrac12$，而目标一个是 0、
一个是 1（$E = \tfrac18 \cdot 2 \cdot \tfrac14 = \tfrac1{16}$）；或者三个输入都得到它们目标的平均值
（$E = \tfrac18 \cdot \tfrac23 = \tfrac1{12}$）；或者四个都一样（$E = \tfrac18$）。下面第二幅图可见一个网络为何停在 $\tfrac1{12}$：
平坦之处两个 ReLU 都“睡着”了，对三个输入的输出都是 0；这三个输入只能教 $b$，而 $b$ 早已取到它们的平均值。
*/
// %%
const twoRelus = trained[1]?.runs[0];
const ends = [...(twoRelus?.errors ?? [])];
await show(
  histogram(
    { 'two ReLUs, linear output': ends },
    {
      bins: 40,
      title: 'Where networks of two ReLUs end',
      subtitle: `the error of ${networks} networks after ${steps} steps`,
      xLabel: 'E',
      yLabel: 'networks',
    },
  ),
);
const plateaus = [1 / 16, 1 / 12, 1 / 8];
const isNear = (E: number) => (error: number) => Math.abs(error - E) < 0.001;
for (const [title, network] of [
  ['One that learned it', twoRelus?.isRight.indexOf(true) ?? -1],
  ['One that stopped at E = 1/12', ends.findIndex(isNear(1 / 12))],
] as const) {
  if (twoRelus === undefined || network < 0) continue;
  await show(
    decisionBoundary(
      ofPoints((X) => twoRelus.answer(network, X)),
      corners.t(),
      truth.xor,
      { title, subtitle: 'two ReLUs and a linear output; the colour is y', ...cornerLabels },
    ),
  );
}
const failed = ends.filter((_, k) => twoRelus?.isRight[k] === false);
const stopped = plateaus.map((E) => failed.filter(isNear(E)).length);
await claim({
  en: 'most of the networks that fail have stopped on three plateaus, E = 1/16, 1/12 and 1/8',
  zh: '失败的网络大多停在三个台阶上：E = 1/16、1/12 与 1/8',
  measured: `${stopped.join(', ')} of the ${failed.length} that fail`,
  holds: stopped.reduce((sum, count) => sum + count, 0) > 0.5 * failed.length,
});
// %% [markdown] en
/*
## Answers

**1.** OR: $\mathbf{w} = (1, 1)$, $b = -0.5$. NAND: $\mathbf{w} = (-1, -1)$, $b = 1.5$. $x_1$ but not $x_2$: $\mathbf{w} = (1, -1)$, $b = -0.5$.
Doubling all three leaves the line where it is: $2z = 0$ where $z = 0$.

**2.** $z = 0.3$, the error is $0.7$, and every parameter becomes $0.1 + 0.1 \cdot 0.7 = 0.17$. Each step moves $z$ by
$\eta\,(\lVert \mathbf{x} \rVert^2 + 1) = 0.3$ of the error: after $k$ steps $t - z = 0.7^k$, which is below 0.01 from $k = 13$ on.

**3.** $\partial E' / \partial \mathbf{w} = \partial E / \partial \mathbf{w} + \lambda \mathbf{w}$; $b$ as before.

One more, to think about: **4.** Is there a *single* feature with which one neuron does XOR? Try $(x_1 - x_2)^2$.
*/
// %% [markdown] zh
/*
## 答案

**1.** OR：$\mathbf{w} = (1, 1)$，$b = -0.5$。NAND：$\mathbf{w} = (-1, -1)$，$b = 1.5$。$x_1$ 但非 $x_2$：$\mathbf{w} = (1, -1)$，$b = -0.5$。
三者都乘以 2，直线不动：$z = 0$ 处 $2z = 0$。

**2.** $z = 0.3$，误差 $0.7$，每个参数都变为 $0.1 + 0.1 \cdot 0.7 = 0.17$。每一步使 $z$ 移动误差的
$\eta\,(\lVert \mathbf{x} \rVert^2 + 1) = 0.3$ 倍：$k$ 步后 $t - z = 0.7^k$，从 $k = 13$ 起小于 0.01。

**3.** $\partial E' / \partial \mathbf{w} = \partial E / \partial \mathbf{w} + \lambda \mathbf{w}$；$b$ 不变。

再想一题：**4.** 有没有*单独一个*特征，使一个神经元就能做 XOR？试试 $(x_1 - x_2)^2$。
*/
// %%
const answersByHand = {
  OR: [neuron1943([1, 1], -0.5, corners), truth.or],
  NAND: [neuron1943([-1, -1], 1.5, corners), tensor([1, 1, 1, 0], float64)],
  'x₁ but not x₂': [neuron1943([1, -1], -0.5, corners), tensor([0, 0, 1, 0], float64)],
} as const;
const errorsOfOne = Array.from({ length: 20 }, () => 0);
let { w: v, b: a } = oneSample;
for (const k of errorsOfOne.keys()) {
  errorsOfOne[k] = 1 - netInput(v, a, oneSample.x).item();
  ({ w: v, b: a } = lmsUpdate(v, a, oneSample.x, oneSample.t, 0.1));
}
const answer3 = checkDerivation(
  (w, b, X, t) => {
    const gradient = adalineGradient(w, b, X, t);
    return { w: gradient.w.add(w.mul(lambda)), b: gradient.b };
  },
  withPenalty,
  somewhere,
);
const squaredDifference = corners.select(0, 0).sub(corners.select(0, 1)).square();
await show(String(answer3));
await claim({
  en: 'the answers to the exercises hold: three truth tables, 0.7ᵏ, the gradient with λw, and (x₁ − x₂)² is XOR',
  zh: '练习答案成立：三张真值表、0.7ᵏ、带 λw 的梯度，以及 (x₁ − x₂)² 就是 XOR',
  measured: `${Object.keys(answersByHand).join(', ')}; below 0.01 from step ${errorsOfOne.findIndex((error) => error < 0.01)}; the starting point lacked something: ${!startingPoint.passed}`,
  holds:
    Object.values(answersByHand).every(([made, wanted]) => isSame(made, wanted)) &&
    errorsOfOne.findIndex((error) => error < 0.01) === 13 &&
    answer3.passed &&
    !startingPoint.passed &&
    isSame(squaredDifference, truth.xor),
});
