// %% [markdown] en
/*
# Curvature and optimizers

Backpropagation says which way is down. How far to go, it does not say: that depends on how the surface *bends*. In this
notebook you walk through narrow valleys and see why gradient descent swings or creeps there; you derive the largest learning
rate that is stable, and measure it, on a bowl and on a network; you watch momentum, Nesterov, RMSProp and Adam take the same
valley; and you test every remedy that the notes recommend, with numbers.
*/
// %% [markdown] zh
/*
# 曲率与优化器

反向传播只告诉我们哪个方向是下坡，却不说该走多远：那取决于曲面*弯*得有多厉害。本篇走进狭长的山谷，看梯度下降为什么在里面左右摇摆，
或者慢慢爬行；推导最大的稳定学习率，并在碗形曲面和真正的网络上把它测出来；看动量、Nesterov、RMSProp、Adam 如何走过同一条山谷；
最后把讲义推荐的每一种对策都用数字检验一遍。
*/
// %%
import {
  cat,
  crossEntropy,
  eigvalsh,
  fromArray,
  grad,
  hessian,
  hvp,
  linspace,
  manualSeed,
  Parameter,
  randn,
  relu,
  stack,
  type Tensor,
  tanh,
  tensor,
} from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { checkDerivation } from '@gradtape/autograd/verify';
import { DataLoader, iris, rings, TensorDataset } from '@gradtape/data';
import { Linear, ReLU, Sequential } from '@gradtape/nn';
import { heavyBallStep, momentumStep, nesterovStep, standardize } from '@gradtape/nn/sensitivity';
import { Adam, clipGradNorm, clipGradValue, LBFGS, MomentumWarmup, RMSprop, SGD, StepLR } from '@gradtape/optim';
import { heatMap, landscape, lineChart } from '@gradtape/plot';
import { claim, median, overSeeds, show, showTable, sized, spread } from '../lesson/index.ts';

// %% [markdown] en
/*
## The largest rate that is stable

Along one direction, a bowl is a parabola, $J(\theta) = \tfrac12 \lambda\, \theta^2$, and $\lambda$ is its *curvature*. The
gradient is $\lambda\theta$, so that one step of gradient descent is a multiplication:

$$\theta \leftarrow \theta - \alpha \lambda \theta = (1 - \alpha\lambda)\, \theta.$$

| $\alpha\lambda$ | factor $1 - \alpha\lambda$ | what you see |
| --- | --- | --- |
| just above 0 | just below 1 | creeps |
| 1 | 0 | arrives in one step |
| between 1 and 2 | between −1 and 0 | swings from side to side, and arrives |
| above 2 | below −1 | swings further and further |

So it is stable exactly for $\alpha < 2/\lambda$. A *valley* has two curvatures, a steep $\lambda_{\max}$ across and a gentle
$\lambda_{\min}$ along. The steep one limits the rate, the gentle one then has to live with it: their ratio
$\kappa = \lambda_{\max} / \lambda_{\min}$, the **condition number**, says how narrow the valley is.

We let several starts descend at once: each row of the parameter is a point of the plane, and the optimizers treat entries one
by one.
*/
// %% [markdown] zh
/*
## 最大的稳定学习率

沿着一个方向看，碗就是抛物线 $J(\theta) = \tfrac12 \lambda\, \theta^2$，其中 $\lambda$ 称为*曲率*。梯度是 $\lambda\theta$，
所以梯度下降走一步，就是做一次乘法：

$$\theta \leftarrow \theta - \alpha \lambda \theta = (1 - \alpha\lambda)\, \theta.$$

| $\alpha\lambda$ | 因子 $1 - \alpha\lambda$ | 看到的现象 |
| --- | --- | --- |
| 略大于 0 | 略小于 1 | 慢慢爬 |
| 1 | 0 | 一步到位 |
| 1 与 2 之间 | −1 与 0 之间 | 左右摇摆，但能到 |
| 大于 2 | 小于 −1 | 越摆越远 |

可见稳定当且仅当 $\alpha < 2/\lambda$。*山谷*有两个曲率：横向陡，为 $\lambda_{\max}$；沿谷底平，为 $\lambda_{\min}$。
陡的方向限制了学习率，平的方向只好跟着受累。两者之比 $\kappa = \lambda_{\max} / \lambda_{\min}$ 叫做**条件数**，它说明山谷有多窄。

下面让多个起点同时下降：参数的每一行是平面上的一个点，而这些优化器都是逐个分量处理的。
*/
// %%
/** Heights of points [n, 2], as a tensor [n]. */
type Surface = (points: Tensor) => Tensor;
/** Where it was after each step, from the start on. */
type Way = number[][];
/** What we need of an optimizer. */
interface Stepping {
  zeroGrad(): void;
  step(): unknown;
}

function descend(surface: Surface, starts: number[][], optimizerOf: (w: Parameter) => Stepping, steps: number): Way[] {
  const w = new Parameter(tensor(starts, { dtype: 'float64' }));
  const optimizer = optimizerOf(w);
  const step = compile(() => {
    optimizer.zeroGrad();
    surface(w).sum().backward();
    optimizer.step();
  });
  const ways: Way[] = starts.map((start) => [start]);
  for (let k = 0; k < steps; k++) {
    step();
    const places = w.value.toTypedArray();
    ways.forEach((way, i) => {
      way.push([Number(places[2 * i]), Number(places[2 * i + 1])]);
    });
  }
  step.dispose();
  return ways;
}

/** A valley of curvature `lambda[0]` along x and `lambda[1]` along y. */
const valley =
  (...lambda: number[]): Surface =>
  (points) =>
    points
      .square()
      .mul(tensor(lambda, { dtype: 'float64' }))
      .sum(-1)
      .mul(0.5);
/** For pictures. */
const heightsOf =
  (surface: Surface) =>
  (points: Float64Array, n: number): ArrayLike<number> =>
    Array.from(surface(fromArray(points, [n, 2])).toTypedArray(), Number);

const bowl = valley(1, 25);
const withRate = (lr: number, steps: number): Way =>
  descend(bowl, [[-4, 1]], (w) => new SGD([w], { lr }), steps)[0] as Way;
await show(
  landscape(heightsOf(bowl), {
    title: 'Three rates in a valley 25 times steeper across',
    subtitle: '40 steps from (−4, 1), or 12; stable are rates below 2/25 = 0.08',
    x: [-4.5, 1.5],
    y: [-1.8, 1.8],
    xLabel: 'along the valley (λ = 1)',
    yLabel: 'across (λ = 25)',
    height: 320,
    paths: {
      'α = 0.0815 leaves': withRate(0.0815, 12),
      'α = 0.075 swings': withRate(0.075, 40),
      'α = 0.01 creeps': withRate(0.01, 40),
    },
    marks: [[0, 0]],
  }),
);
const [before, after] = withRate(0.075, 1) as [number[], number[]];
const factors = [0, 1].map((k) => (after[k] as number) / (before[k] as number));
await claim({
  en: 'one step multiplies each coordinate by 1 − αλ',
  zh: '每走一步，各坐标乘以 1 − αλ',
  measured: `α = 0.075: ${factors.map((factor) => factor.toFixed(3)).join(' along, ')} across`,
  holds: [1, 25].every((lambda, k) => Math.abs((factors[k] as number) - (1 - 0.075 * lambda)) < 1e-12),
});
// %%
/** The largest rate at which something stays stable, between one that does and one that does not. */
function largestStable(isStable: (rate: number) => boolean, low: number, high: number): number {
  let [stable, unstable] = [low, high];
  for (let k = 0; k < 12; k++) {
    const rate = (stable + unstable) / 2;
    if (isStable(rate)) stable = rate;
    else unstable = rate;
  }
  return stable;
}

const limit = largestStable((rate) => Math.abs(withRate(rate, 200).at(-1)?.[1] ?? 0) < 1, 0.01, 0.2);
await claim({
  en: 'the largest stable rate in the valley is 2/λ of its steep direction',
  zh: '山谷里最大的稳定学习率，就是陡方向的 2/λ',
  measured: `${limit.toFixed(4)}; 2/25 = 0.08`,
  holds: Math.abs(limit - 0.08) < 2e-4,
});
// %% [markdown] en
/*
**Exercise 1.** With the best rate, the factors of both directions have the same size. Which rate is that, and by which factor
does the distance shrink with each step? Express the factor by $\kappa$. (The answer is at the end.)

## Rosenbrock's valley

A valley that bends is the classical test. Its floor is the parabola $y = x^2$, and its minimum lies at $(1, 1)$:

$$J(x, y) = (1 - x)^2 + 100\,(y - x^2)^2.$$

**Exercise 2.** Derive $\partial J/\partial x$ and $\partial J/\partial y$. Here is a starting point with a mistake in it; the
check says which.
*/
// %% [markdown] zh
/*
**练习 1.** 取最佳学习率时，两个方向的因子大小相等。这个学习率是多少？每一步距离缩小到原来的多少倍？请用 $\kappa$ 表示。（答案在最后。）

## Rosenbrock 山谷

会拐弯的山谷是经典的试验场。它的谷底是抛物线 $y = x^2$，最小值在 $(1, 1)$：

$$J(x, y) = (1 - x)^2 + 100\,(y - x^2)^2.$$

**练习 2.** 推导 $\partial J/\partial x$ 与 $\partial J/\partial y$。下面的起点里有一个错误，检验结果会指出是哪一个。
*/
// %%
const J = (x: Tensor, y: Tensor): Tensor => x.neg().add(1).square().add(y.sub(x.square()).square().mul(100)).sum();
const rosenbrock: Surface = (points) => {
  const [x, y] = [points.select(-1, 0), points.select(-1, 1)];
  return x.neg().add(1).square().add(y.sub(x.square()).square().mul(100));
};
const at = { x: tensor([-1.2, 0.5], { dtype: 'float64' }), y: tensor([1, 0.7], { dtype: 'float64' }) };
const forgetful = checkDerivation(
  (x, y) => {
    const above = (y as Tensor).sub((x as Tensor).square());
    // The chain rule through (1 − x) is missing its −1.
    return {
      dx: (x as Tensor)
        .neg()
        .add(1)
        .mul(2)
        .sub(above.mul(x as Tensor).mul(400)),
      dy: above.mul(200),
    };
  },
  J,
  at,
);
console.log(String(forgetful));
await claim({
  en: 'a sign forgotten in the chain rule is found',
  zh: '链式法则里漏掉的负号会被发现',
  measured: forgetful.findings.map(({ name, verdict }) => `${name}: ${verdict}`).join(', '),
  holds: !forgetful.passed,
});
// %% [markdown] en
/*
How narrow is it? Differentiate once more. At the minimum, by hand and by `hessian`,

$$H(1, 1) = \begin{bmatrix} 802 & -400 \\ -400 & 200 \end{bmatrix}, \qquad \lambda_{\max} = 1001.6, \quad \lambda_{\min} = 0.40,
\quad \kappa \approx 2508.$$

So near the minimum no rate above $2/1001.6 \approx 0.002$ is stable, while along the floor $\alpha\lambda_{\min} < 0.0008$: it
takes thousands of steps. The notes say that plain descent easily *swings* between the walls. When? The floor bends, and with it the
curvature across changes: at $(x, x^2)$ it is about $\lambda(x) = 200\,(1 + 4x^2)$, gentle in the middle, steep at the ends. A rate
that is stable at $x = 0$ meets its limit $\alpha\,\lambda(x) = 2$ further on. There, we expect, it starts to swing, and comes no
further:

$$x^* = \tfrac12 \sqrt{\tfrac{2}{200\,\alpha} - 1}, \qquad \alpha = 0.003:\quad x^* = 0.764.$$
*/
// %% [markdown] zh
/*
它有多窄？再求一次导就知道了。在最小值处，手算与 `hessian` 的结果都是

$$H(1, 1) = \begin{bmatrix} 802 & -400 \\ -400 & 200 \end{bmatrix}, \qquad \lambda_{\max} = 1001.6, \quad \lambda_{\min} = 0.40,
\quad \kappa \approx 2508.$$

所以在最小值附近，学习率不能超过 $2/1001.6 \approx 0.002$；而沿谷底 $\alpha\lambda_{\min} < 0.0008$，要走上几千步。
讲义说，普通梯度下降容易在沟壑两侧来回*震荡*。什么时候会这样？谷底是弯的，横向曲率也随之变化：在 $(x, x^2)$ 处约为
$\lambda(x) = 200\,(1 + 4x^2)$，中间平缓，两头陡。在 $x = 0$ 处稳定的学习率，再往前走就会碰到自己的极限 $\alpha\,\lambda(x) = 2$。
可以预料，它会在那里开始摇摆，再也前进不了：

$$x^* = \tfrac12 \sqrt{\tfrac{2}{200\,\alpha} - 1}, \qquad \alpha = 0.003:\quad x^* = 0.764.$$
*/
// %%
const minimum = [1, 1];
const H = hessian((w: Tensor) => rosenbrock(w))(tensor(minimum, { dtype: 'float64' }));
const curvatures = Array.from(eigvalsh(H).toTypedArray(), Number) as [number, number];
await show(H);

/** From which step on it stays within `radius` of `goal`; infinite if not. */
function settled(way: Way, goal: number[], radius: number): number {
  const isInside = ([x = Number.NaN, y = Number.NaN]: number[]): boolean =>
    Math.hypot(x - (goal[0] as number), y - (goal[1] as number)) < radius;
  const outside = way.findLastIndex((place) => !isInside(place)) + 1;
  return outside === way.length ? Number.POSITIVE_INFINITY : outside;
}
/** The share of steps that cross the floor. */
function crossings(way: Way): number {
  const sides = way.map(([x = 0, y = 0]) => Math.sign(y - x * x));
  return sides.slice(1).filter((side, k) => side !== sides[k]).length / (way.length - 1);
}

const budget = sized({ full: 6000, short: 3000 });
const [bold, careful] = [0.003, 0.001].map(
  (lr) => descend(rosenbrock, [[-0.5, 0.5]], (w) => new SGD([w], { lr }), budget)[0] as Way,
) as [Way, Way];
const stuckAt = bold.slice(-500).reduce((sum, [x = 0]) => sum + x / 500, 0);
await claim({
  en: 'Rosenbrock’s valley is about 2500 times steeper across than along',
  zh: 'Rosenbrock 山谷横向的曲率约是沿谷底的 2500 倍',
  shows: ['curvature/rosenbrock'],
  measured: `λ = ${curvatures[1].toFixed(1)} and ${curvatures[0].toFixed(4)}, κ = ${(curvatures[1] / curvatures[0]).toFixed(0)}`,
  holds: Math.abs(curvatures[1] / curvatures[0] - 2508) < 1,
});
await claim({
  en: 'gradient descent swings only where its rate exceeds 2/λ, and is held there; at a rate that arrives it does not swing at all, it creeps',
  zh: '梯度下降只在学习率超过 2/λ 的地方摇摆，并被困在那里；能到达终点的学习率则根本不摇摆，只是慢慢爬',
  shows: ['curvature/rosenbrock'],
  measured: `rate 0.003: held at x = ${stuckAt.toFixed(2)} (expected 0.76), ${(crossings(bold.slice(-500)) * 100).toFixed(0)} % of the steps cross the floor; rate 0.001: ${(crossings(careful) * (careful.length - 1)).toFixed(0)} crossing in ${budget} steps`,
  holds: Math.abs(stuckAt - 0.764) < 0.01 && crossings(bold.slice(-500)) > 0.9 && crossings(careful) * budget <= 2,
  documentSays: {
    en: 'standard SGD easily swings between the two walls',
    zh: '标准 SGD 容易在沟壑两侧来回震荡',
  },
});
landscape(heightsOf(rosenbrock), {
  title: 'Rosenbrock’s valley: one is held where it swings, one creeps',
  subtitle: `${budget} steps from (−0.5, 0.5) towards (1, 1); heights on a logarithmic scale`,
  x: [-1.6, 1.6],
  y: [-0.6, 2],
  xLabel: 'x',
  yLabel: 'y',
  heightScale: 'log',
  paths: { 'α = 0.003': bold, 'α = 0.001': careful },
  marks: [minimum],
});
// %% [markdown] en
/*
## Momentum: a ball with a velocity

Instead of the gradient alone, a step follows a *velocity* $v$ that remembers the gradients before:

```mermaid
flowchart LR
  g["gradient g = ∇J(θ)"] --> v["velocity v ← γ v − α g"] --> p["parameter θ ← θ + v"]
  v -- "γ: what is kept" --> v
  p -- "next step" --> g
```

The notes have it in two forms, and PyTorch takes the second one:

$$\text{(heavy ball)}\quad \mathbf v \leftarrow \gamma \mathbf v - \alpha \nabla J,\;\; \theta \leftarrow \theta + \mathbf v
\qquad\qquad \text{(PyTorch)}\quad v \leftarrow \mu v + \nabla J,\;\; \theta \leftarrow \theta - \eta v.$$

Put $\mathbf v = -\eta v$, $\gamma = \mu$ and $\alpha = \eta$, and the second line becomes the first: the paths are equal. But only as
long as the rate stays: if it is halved, the second form halves the speed *at once*, the first one only what is added from now on.
Nesterov asks for the gradient where the velocity will have brought it, $\nabla J(\theta + \gamma \mathbf v)$. PyTorch writes the same
in $\varphi = \theta + \gamma\mathbf v$, the point looked ahead to.
*/
// %% [markdown] zh
/*
## 动量：有速度的小球

每一步不再只看当前梯度，而是跟着*速度* $v$ 走，它记得之前的梯度：

```mermaid
flowchart LR
  g["当前梯度 g = ∇J(θ)"] --> v["速度 v ← γ v − α g"] --> p["参数 θ ← θ + v"]
  v -- "γ：保留多少" --> v
  p -- "下一步" --> g
```

讲义里有两种写法，PyTorch 用的是第二种：

$$\text{（重球法）}\quad \mathbf v \leftarrow \gamma \mathbf v - \alpha \nabla J,\;\; \theta \leftarrow \theta + \mathbf v
\qquad\qquad \text{（PyTorch）}\quad v \leftarrow \mu v + \nabla J,\;\; \theta \leftarrow \theta - \eta v.$$

令 $\mathbf v = -\eta v$、$\gamma = \mu$、$\alpha = \eta$，第二式就变成第一式：两条路径完全相同。但前提是学习率不变：若把学习率减半，
第二种写法*立刻*把速度减半，第一种只影响此后新加的部分。Nesterov 则在速度将要带到的地方求梯度，即 $\nabla J(\theta + \gamma \mathbf v)$；
PyTorch 用“预看点” $\varphi = \theta + \gamma\mathbf v$ 来写同一件事。
*/
// %%
const start = tensor([-1.2, 1], { dtype: 'float64' });
const slope = grad((w: Tensor) => rosenbrock(w));
const far = (a: Tensor, b: Tensor): number => a.sub(b).abs().amax().item();
const rates = { alpha: 5e-4, gamma: 0.9 };

let ball = { theta: start, v: start.mul(0) };
let torch = { W: start, v: start.mul(0) };
let ahead = { theta: start, v: start.mul(0) };
const library = {
  ball: new Parameter(start),
  torch: new Parameter(start),
  ahead: new Parameter(start),
};
const optimizers = [
  new SGD([library.ball], { lr: 5e-4, momentum: 0.9, rateInVelocity: true }),
  new SGD([library.torch], { lr: 5e-4, momentum: 0.9 }),
  new SGD([library.ahead], { lr: 5e-4, momentum: 0.9, nesterov: true }),
];
let apart = { forms: 0, library: 0, nesterov: 0 };
for (let k = 0; k < 300; k++) {
  ball = heavyBallStep(ball.theta, ball.v, slope(ball.theta), rates);
  torch = momentumStep(torch.W, torch.v, slope(torch.W), { eta: 5e-4, mu: 0.9 });
  ahead = nesterovStep(ahead.theta, ahead.v, slope, rates);
  for (const optimizer of optimizers) optimizer.zeroGrad();
  for (const w of Object.values(library)) rosenbrock(w).backward();
  for (const optimizer of optimizers) optimizer.step();
  apart = {
    forms: Math.max(apart.forms, far(ball.theta, torch.W), far(ball.v, torch.v.mul(-5e-4))),
    library: Math.max(apart.library, far(ball.theta, library.ball.value), far(torch.W, library.torch.value)),
    nesterov: Math.max(apart.nesterov, far(ahead.theta.add(ahead.v.mul(0.9)), library.ahead.value)),
  };
}
const one = heavyBallStep(tensor([1]), tensor([0.2]), tensor([3]), { alpha: 0.1, gamma: 0.9 });
await claim({
  en: 'the data flow in numbers: with v = 0.2, g = 3, α = 0.1, γ = 0.9 the parameter 1 goes to 0.88',
  zh: '数据流的数值一步：v = 0.2、g = 3、α = 0.1、γ = 0.9 时，参数从 1 变为 0.88',
  shows: ['momentum/flow', 'rule:heavyBallStep'],
  measured: `v = ${one.v.item().toFixed(2)}, θ = ${one.theta.item().toFixed(2)}`,
  holds: Math.abs(one.v.item() + 0.12) < 1e-6 && Math.abs(one.theta.item() - 0.88) < 1e-6,
});
await claim({
  en: 'both forms of momentum, and gradtape’s SGD in both, take the same path through Rosenbrock’s valley, with v = −η v of the other',
  zh: '动量的两种写法，以及 gradtape 的 SGD 的两种形式，在 Rosenbrock 山谷里走同一条路，速度相差因子 −η',
  shows: ['rule:heavyBallStep', 'rule:momentumStep'],
  measured: '300 steps, less than 1e-10 apart',
  holds: apart.forms < 1e-10 && apart.library < 1e-10,
});
await claim({
  en: 'Nesterov’s rule of the notes is PyTorch’s, seen from the point looked ahead to',
  zh: '讲义里的 Nesterov 规则与 PyTorch 的相同，只是后者从“预看点”来看',
  shows: ['rule:nesterovStep'],
  measured: '300 steps, θ + γ v and PyTorch’s parameter less than 1e-10 apart',
  holds: apart.nesterov < 1e-10,
});
// %% [markdown] en
/*
And where they differ. We halve the rate after 20 steps down a bowl, and we try $\gamma = 1$, which the notes allow in one place
($\gamma \in (0, 1]$) and exclude in another ($\mu \in [0, 1)$).
*/
// %% [markdown] zh
/*
再看不同之处：在碗里下降 20 步后把学习率减半；并且试试 $\gamma = 1$：讲义一处允许它（$\gamma \in (0, 1]$），另一处又排除它（$\mu \in [0, 1)$）。
*/
// %%
function roll(options: { rateInVelocity: boolean; momentum: number; halveAt?: number }): number[] {
  const { halveAt, ...form } = options;
  const w = new Parameter(tensor([1], { dtype: 'float64' }));
  const optimizer = new SGD([w], { lr: 0.01, ...form });
  return Array.from({ length: 150 }, (_, k) => {
    const place = w.value.item();
    if (k === halveAt) for (const group of optimizer.paramGroups) group.lr = 0.005;
    optimizer.zeroGrad();
    w.square().mul(0.5).sum().backward();
    optimizer.step();
    return place;
  });
}
const inside = roll({ rateInVelocity: true, momentum: 0.9, halveAt: 20 });
const outside = roll({ rateInVelocity: false, momentum: 0.9, halveAt: 20 });
const forever = roll({ rateInVelocity: false, momentum: 1 });
const differing = Math.max(...inside.map((place, k) => Math.abs(place - (outside[k] as number))));
await claim({
  en: 'when the rate is halved, the two forms part: the rate outside of the velocity brakes at once',
  zh: '学习率减半之后，两种写法分道扬镳：学习率放在速度之外，会立刻刹车',
  shows: ['rule:heavyBallStep', 'rule:momentumStep'],
  measured: `up to ${differing.toFixed(3)} apart, from a start at 1`,
  holds: differing > 0.02 && Math.abs((inside[20] as number) - (outside[20] as number)) < 1e-12,
});
await claim({
  en: 'with γ = 1 nothing is ever forgotten, and the ball rolls to and fro for good',
  zh: '取 γ = 1 时什么都不会忘记，小球永远来回滚动',
  shows: ['rule:heavyBallStep'],
  measured: `largest distance in the last 75 of 150 steps: ${Math.max(...forever.slice(75).map(Math.abs)).toFixed(2)} with γ = 1, ${Math.max(...inside.slice(75).map(Math.abs)).toFixed(2)} with 0.9`,
  holds: Math.max(...forever.slice(75)) > 0.95 && Math.max(...inside.slice(75).map(Math.abs)) < 0.1,
  documentSays: { en: 'γ lies in (0, 1]', zh: 'γ∈(0,1]' },
});
lineChart(
  { 'γ = 0.9, rate inside': inside, 'γ = 0.9, rate outside': outside, 'γ = 1': forever },
  {
    title: 'Where the two forms of momentum differ',
    subtitle: 'J = θ²/2, rate 0.01; the curves with γ = 0.9 have it halved after 20 steps',
    xLabel: 'step',
    yLabel: 'θ',
  },
);
// %% [markdown] en
/*
## Does momentum swing less?

The notes draw the valley and the remedies like this:

```mermaid
flowchart LR
  V["a narrow valley"] --> A["no momentum, rate too large"] --> B["the path swings: slow, or it diverges"]
  V --> C["momentum, or rates that adapt"] --> D["the path is calm: fast and stable"]
```

and explain that momentum cancels the swinging across. But what is the comparison? In the long run momentum multiplies each
gradient by $1 + \gamma + \gamma^2 + \dots = 1/(1-\gamma)$. So the fair comparison along the floor is at the same **pace**
$\alpha/(1-\gamma)$, with $\gamma = 0.9$ at a tenth of the rate. We add up how far each goes *across* in a valley with
$\kappa = 100$, and how far it is from the minimum after 60 steps.
*/
// %% [markdown] zh
/*
## 有了动量就摆得少了吗？

讲义这样画山谷与对策：

```mermaid
flowchart LR
  V["狭长沟壑"] --> A["无动量，学习率过大"] --> B["路径震荡：慢，甚至发散"]
  V --> C["动量或自适应学习率"] --> D["路径平稳：又快又稳"]
```

并解释说动量会抵消横向的震荡。可是，跟谁比呢？长期来看，动量把每个梯度放大 $1 + \gamma + \gamma^2 + \dots = 1/(1-\gamma)$ 倍。
所以沿谷底公平的比较是让**步调** $\alpha/(1-\gamma)$ 相同，即 $\gamma = 0.9$ 时学习率取十分之一。
在 $\kappa = 100$ 的山谷里，我们累加各自*横向*走过的路程，并看 60 步后离最小值多远。
*/
// %%
const narrow = valley(1, 100);
const contenders = {
  'SGD, α = 0.019': (w: Parameter) => new SGD([w], { lr: 0.019 }),
  'momentum, same rate': (w: Parameter) => new SGD([w], { lr: 0.019, momentum: 0.9 }),
  'momentum, same pace': (w: Parameter) => new SGD([w], { lr: 0.0019, momentum: 0.9 }),
  'Adam, α = 0.1': (w: Parameter) => new Adam([w], { lr: 0.1 }),
};
const walked = Object.entries(contenders).map(([name, optimizerOf]) => {
  const way = descend(narrow, [[-4, 1]], optimizerOf, 60)[0] as Way;
  const across = way.slice(1).reduce((sum, [, y = 0], k) => sum + Math.abs(y - (way[k]?.[1] as number)), 0);
  return { name, way, across, left: Math.hypot(...(way.at(-1) as number[])) };
});
await showTable(
  ['', 'distance walked across', 'distance from the minimum after 60 steps'],
  walked.map(({ name, across, left }) => [name, across.toFixed(1), left.toFixed(2)]),
);
const [plain, sameRate, samePace, adam] = walked as [
  (typeof walked)[0],
  (typeof walked)[0],
  (typeof walked)[0],
  (typeof walked)[0],
];
await claim({
  en: 'at the same rate momentum swings hardly less than SGD, though it arrives; at the same pace along the floor it swings a quarter as far',
  zh: '学习率相同时，动量横向摆动几乎不比 SGD 少，只是更快到达；沿谷底步调相同时，横向路程才只有四分之一左右',
  shows: ['curvature/figure', 'curvature/remedies'],
  measured: `walked across: SGD ${plain.across.toFixed(1)}, momentum at the same rate ${sameRate.across.toFixed(1)}, at the same pace ${samePace.across.toFixed(1)}, Adam ${adam.across.toFixed(1)}`,
  holds: sameRate.across > 0.8 * plain.across && samePace.across < 0.4 * plain.across && adam.across < plain.across,
  documentSays: {
    en: 'in the steep direction momentum cancels the swinging; the path is calm',
    zh: '在陡峭方向通过反向速度抵消来回震荡，优化路径平稳',
  },
});
landscape(heightsOf(narrow), {
  title: 'A valley that is 100 times steeper across',
  subtitle: '60 steps from (−4, 1); same pace: momentum 0.9 at a tenth of the rate',
  x: [-4.5, 2],
  y: [-1.6, 1.6],
  xLabel: 'along the valley (λ = 1)',
  yLabel: 'across (λ = 100)',
  height: 340,
  paths: Object.fromEntries(walked.map(({ name, way }) => [name, way])),
  marks: [[0, 0]],
});
// %% [markdown] en
/*
Why: across the valley, the heavy ball obeys $\theta_{t+1} = (1 + \gamma - \alpha\lambda)\,\theta_t - \gamma\,\theta_{t-1}$. When its
two roots are complex, both have the size $\sqrt\gamma$, whatever $\alpha\lambda$ is: with $\gamma = 0.9$ a swing shrinks by
$\sqrt{0.9} = 0.949$ for each step. That is slow, but it is so up to $\alpha\lambda = 2(1 + \gamma) = 3.8$, almost twice the limit
of SGD, and in *all* directions at once. The best choice gives

$$\gamma = \left(\frac{\sqrt\kappa - 1}{\sqrt\kappa + 1}\right)^{2}, \qquad \alpha = \left(\frac{2}{\sqrt{\lambda_{\max}} +
\sqrt{\lambda_{\min}}}\right)^{2}:$$

the number of steps grows like $\sqrt\kappa$, not like $\kappa$. This is what momentum is for.

## Steps over the condition number; adaptive rates

RMSProp and Adam divide each coordinate by the size of its own gradients: a *diagonal preconditioner*, as the notes say. A valley
along an axis becomes round by that. And a valley that lies *askew*? We turn the same valley by 45°, which SGD and momentum do not
even notice. (SGD and momentum with their best settings by formula, Adam with the best of several rates.)
*/
// %% [markdown] zh
/*
原因在于：横向上，重球满足 $\theta_{t+1} = (1 + \gamma - \alpha\lambda)\,\theta_t - \gamma\,\theta_{t-1}$。当两个特征根为复数时，
模都等于 $\sqrt\gamma$，与 $\alpha\lambda$ 无关：$\gamma = 0.9$ 时摆幅每步只缩小到 $\sqrt{0.9} = 0.949$ 倍。这并不快，
但一直到 $\alpha\lambda = 2(1 + \gamma) = 3.8$ 都成立，几乎是 SGD 上限的两倍，而且*所有*方向同时如此。最佳选择是

$$\gamma = \left(\frac{\sqrt\kappa - 1}{\sqrt\kappa + 1}\right)^{2}, \qquad \alpha = \left(\frac{2}{\sqrt{\lambda_{\max}} +
\sqrt{\lambda_{\min}}}\right)^{2}:$$

步数按 $\sqrt\kappa$ 增长，而不是按 $\kappa$ 增长。这才是动量的用处。

## 步数与条件数；自适应学习率

RMSProp 与 Adam 把每个坐标除以它自己梯度的大小，正如讲义所说，相当于*对角预条件*：沿坐标轴的山谷因此变圆了。
那么*斜着*的山谷呢？把同一条山谷转 45°，SGD 与动量根本察觉不到。（SGD 与动量取公式给出的最佳设置，Adam 在若干学习率中取最好的。）
*/
// %%
/** The valley with λ = 1 and κ, turned by an angle. */
function turned(kappa: number, angle: number): Surface {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const turn = tensor([[c, -s], [s, c]], { dtype: 'float64' }); // biome-ignore format: rows of a matrix
  const upright = valley(1, kappa);
  return (points) => upright(points.matmul(turn));
}
const aroundOrigin = Array.from({ length: 5 }, (_, k) => [Math.cos(0.3 + 1.3 * k), Math.sin(0.3 + 1.3 * k)]);
/** Steps until the middle one of five starts stays within 0.01 of the minimum. */
const stepsTo = (surface: Surface, optimizerOf: (w: Parameter) => Stepping, steps: number): number =>
  median(descend(surface, aroundOrigin, optimizerOf, steps).map((way) => settled(way, [0, 0], 0.01)));

const kappas = sized({ full: [3, 10, 30, 100, 300, 1000], short: [10, 100] });
const adamRates = sized({ full: [0.01, 0.02, 0.05, 0.1, 0.2], short: [0.05] });
const bestAdam = (kappa: number, angle: number): number =>
  Math.min(...adamRates.map((lr) => stepsTo(turned(kappa, angle), (w) => new Adam([w], { lr }), 3000)));
const needed = {
  SGD: kappas.map((kappa) =>
    stepsTo(turned(kappa, Math.PI / 4), (w) => new SGD([w], { lr: 2 / (1 + kappa) }), 3 * kappa + 100),
  ),
  momentum: kappas.map((kappa) => {
    const root = Math.sqrt(kappa);
    const options = { lr: (2 / (root + 1)) ** 2, momentum: ((root - 1) / (root + 1)) ** 2 };
    return stepsTo(turned(kappa, Math.PI / 4), (w) => new SGD([w], options), 20 * root + 100);
  }),
  'Adam, valley along an axis': kappas.map((kappa) => bestAdam(kappa, 0)),
  'Adam, valley turned by 45°': kappas.map((kappa) => bestAdam(kappa, Math.PI / 4)),
};
const growth = (steps: readonly number[]): number => {
  const [first, last] = [kappas.indexOf(10), kappas.length - 1];
  return Math.log((steps[last] as number) / (steps[first] as number)) / Math.log((kappas[last] as number) / 10);
};
await claim({
  en: 'the steps of SGD grow like κ, those of momentum like √κ',
  zh: 'SGD 的步数按 κ 增长，动量的步数按 √κ 增长',
  shows: ['curvature/remedies'],
  measured: `from κ = 10 on like κ to the power ${growth(needed.SGD).toFixed(2)} (SGD) and ${growth(needed.momentum).toFixed(2)} (momentum)`,
  holds: Math.abs(growth(needed.SGD) - 1) < 0.1 && Math.abs(growth(needed.momentum) - 0.5) < 0.15,
});
await claim({
  en: 'to Adam a valley along an axis is as easy as a round bowl; one that lies askew is not',
  zh: '对 Adam 来说，沿坐标轴的山谷和圆碗一样容易；斜着的就不是了',
  shows: ['curvature/remedies'],
  measured: `at κ = ${kappas.at(-1)}: ${needed['Adam, valley along an axis'].at(-1)} steps along an axis, ${needed['Adam, valley turned by 45°'].at(-1)} askew, momentum ${needed.momentum.at(-1)} in either`,
  holds:
    Math.abs(growth(needed['Adam, valley along an axis'])) < 0.1 &&
    (needed['Adam, valley turned by 45°'].at(-1) as number) >
      2 * (needed['Adam, valley along an axis'].at(-1) as number),
  documentSays: {
    en: 'adaptive rates, like a diagonal preconditioner, relieve unequal curvature',
    zh: '自适应缩放像“对角预条件”，缓解曲率不均',
  },
});
lineChart(Object.fromEntries(Object.entries(needed).map(([name, y]) => [name, { x: kappas, y }])), {
  title: 'The narrower the valley, the more steps',
  subtitle: 'steps until the middle one of five starts stays within 0.01 of the minimum',
  xLabel: 'condition number κ',
  yLabel: 'steps',
  xScale: 'log',
  yScale: 'log',
});
// %% [markdown] en
/*
## The race through Rosenbrock's valley

Now all of them, over learning rates, from five starts. A cell says after how many steps *all* of them stay within 0.1 of the
minimum. An orange one: not all within the budget, because one creeps, hovers or diverges.
*/
// %% [markdown] zh
/*
## Rosenbrock 山谷赛跑

现在让它们全部上场：多种学习率，五个起点。格子里的数是：从第几步起，五个起点*全都*留在最小值 0.1 以内。
橙色表示在规定步数内没有全部做到：有的太慢，有的徘徊，有的发散。
*/
// %%
const racers: Record<string, (w: Parameter, lr: number) => Stepping> = {
  SGD: (w, lr) => new SGD([w], { lr }),
  'momentum 0.9': (w, lr) => new SGD([w], { lr, momentum: 0.9 }),
  'momentum 0.99': (w, lr) => new SGD([w], { lr, momentum: 0.99 }),
  'Nesterov 0.9': (w, lr) => new SGD([w], { lr, momentum: 0.9, nesterov: true }),
  RMSProp: (w, lr) => new RMSprop([w], { lr }),
  Adam: (w, lr) => new Adam([w], { lr }),
};
const raceRates = sized({ full: [1e-4, 3e-4, 1e-3, 2e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3], short: [1e-3, 2e-3, 1e-2, 0.1] });
const starts = [[-1.2, 1], [-1.5, 2], [-0.5, 1.5], [0.5, -0.5], [1.5, 1]]; // biome-ignore format: a list of points
const race = Object.entries(racers).map(([name, optimizerOf]) => {
  const results = raceRates.map((lr) =>
    descend(rosenbrock, starts, (w) => optimizerOf(w, lr), budget).map((way) => settled(way, minimum, 0.1)),
  );
  const slowest = results.map((steps) => Math.max(...steps));
  const fastest = slowest.indexOf(Math.min(...slowest));
  return { name, optimizerOf, slowest, lr: raceRates[fastest] as number, steps: results[fastest] as number[] };
});
heatMap(
  race.map(({ slowest }) => slowest),
  {
    title: 'Steps through Rosenbrock’s valley',
    subtitle: `until all of five starts are within 0.1 of the minimum; orange: not after ${budget} steps`,
    rowNames: Object.keys(racers),
    columnNames: raceRates.map(String),
    xLabel: 'learning rate',
    colourScale: 'log',
    format: (steps) => (Number.isFinite(steps) ? String(steps) : '–'),
  },
);
// %%
await showTable(
  ['optimizer', 'best of these rates', 'steps: median (range) of five starts', 'rates that arrive'],
  race.map(({ name, lr, steps, slowest }) => [name, lr, spread(steps, 4), slowest.filter(Number.isFinite).length]),
);
const medianOf = (name: string): number => median(race.find((one) => one.name === name)?.steps ?? []);
const arrivals = (name: string): number =>
  (race.find((one) => one.name === name)?.slowest ?? []).filter(Number.isFinite).length;
await claim({
  en: 'each with its best rate: momentum and Nesterov arrive first, about four times as fast as SGD, then Adam; RMSProp is hardly faster than SGD',
  zh: '各取最佳学习率：动量与 Nesterov 最先到达，约为 SGD 的四倍快，其次是 Adam；RMSProp 几乎没有优势',
  shows: ['curvature/remedies', 'rule:nesterovStep'],
  measured: `median steps: ${race.map(({ name, steps }) => `${name} ${median(steps)}`).join(', ')}`,
  holds:
    medianOf('momentum 0.9') * 4 < medianOf('SGD') &&
    medianOf('Nesterov 0.9') * 4 < medianOf('SGD') &&
    medianOf('Adam') > medianOf('momentum 0.9') &&
    medianOf('Adam') < medianOf('RMSProp') &&
    medianOf('RMSProp') < medianOf('SGD') * 1.1,
});
await claim({
  en: 'what the adaptive ones gain is tolerance: they arrive with more of the rates',
  zh: '自适应方法换来的是宽容度：能到达的学习率更多',
  shows: ['curvature/remedies'],
  measured: `of ${raceRates.length} rates arrive: ${race.map(({ name }) => `${name} ${arrivals(name)}`).join(', ')}`,
  holds:
    raceRates.length < 9 ||
    (arrivals('Adam') > arrivals('momentum 0.9') && arrivals('RMSProp') > arrivals('momentum 0.9')),
});
landscape(heightsOf(rosenbrock), {
  title: 'Rosenbrock’s valley, each with its best rate',
  subtitle: 'the first 600 steps from (−1.2, 1)',
  x: [-1.6, 1.6],
  y: [-0.6, 2],
  xLabel: 'x',
  yLabel: 'y',
  heightScale: 'log',
  paths: Object.fromEntries(
    race
      .filter(({ name }) => name !== 'momentum 0.99' && name !== 'Nesterov 0.9')
      .map(({ name, optimizerOf, lr }) => [
        `${name}, α = ${lr}`,
        descend(rosenbrock, [[-1.2, 1]], (w) => optimizerOf(w, lr), 600)[0] as Way,
      ]),
  ),
  marks: [minimum],
});
// %% [markdown] en
/*
Why does RMSProp gain so little? It divides by the size of the gradient, so that its steps stay about $\alpha$ long however near
the minimum is: it *hovers*. In the end each coordinate jumps between $+\alpha/2$ and $-\alpha/2$, which is $\alpha/\sqrt 2$ from the
minimum in a plane. (Before, it dives far below: the large gradients of the beginning still keep its steps short. Once they are
forgotten, the steps grow again.) A schedule that lowers the rate, another remedy of the notes, lets it settle.
*/
// %% [markdown] zh
/*
RMSProp 为什么优势这么小？它把梯度除以梯度自身的大小，于是不管离最小值多近，步长总在 $\alpha$ 左右：它会*徘徊*。
最终每个坐标都在 $+\alpha/2$ 与 $-\alpha/2$ 之间来回跳，在平面上与最小值相距 $\alpha/\sqrt 2$。（在此之前它会先扎得很深：开头的大梯度还记着，步长很短；等忘掉之后，步长又变大了。）
逐步降低学习率（讲义的另一条对策）能让它停下来。
*/
// %%
const halvedRmsprop = (w: Parameter): Stepping => {
  const optimizer = new RMSprop([w], { lr: 0.05, alpha: 0.9 });
  const schedule = new StepLR(optimizer, { stepSize: 100, gamma: 0.5 });
  return {
    zeroGrad: () => optimizer.zeroGrad(),
    step: () => {
      optimizer.step();
      schedule.step();
    },
  };
};
const distancesOf = (way: Way): number[] => way.map((place) => Math.hypot(...place));
const constantRate = distancesOf(
  descend(narrow, [[-1, 1]], (w) => new RMSprop([w], { lr: 0.05, alpha: 0.9 }), 1000)[0] as Way,
);
const halvedRate = distancesOf(descend(narrow, [[-1, 1]], halvedRmsprop, 1000)[0] as Way);
const hoversAt = Math.max(...constantRate.slice(-50));
const settlesAt = Math.max(...halvedRate.slice(-50));
await claim({
  en: 'RMSProp with a constant rate α hovers at α/√2 from the minimum; with a rate that is halved it settles',
  zh: 'RMSProp 用固定学习率 α 时会在离最小值 α/√2 处徘徊；学习率逐次减半则能停下来',
  shows: ['curvature/remedies'],
  measured: `after 1000 steps at rate 0.05: ${hoversAt.toFixed(3)} from the minimum (0.05/√2 = 0.035), halved every 100 steps ${settlesAt.toExponential(0)}`,
  holds: Math.abs(hoversAt - 0.05 / Math.SQRT2) < 0.001 && settlesAt < hoversAt / 50,
});
lineChart(
  { 'constant rate 0.05': constantRate, 'halved every 100 steps': halvedRate },
  {
    title: 'RMSProp hovers unless its rate falls',
    subtitle: 'from (−1, 1) in the valley that is 100 times steeper across',
    xLabel: 'step',
    yLabel: 'distance from the minimum',
    yScale: 'log',
  },
);
// %% [markdown] en
/*
## The Hessian of a network

A network's surface has as many directions as parameters. Its curvatures are the eigenvalues of the Hessian $H$. For a small
network we can afford all of $H$; for a large one we cannot, but $Hv$ costs about as much as two gradients: the derivative of
the gradient in the direction $v$,

$$H v = \frac{d}{d\epsilon} \nabla J(\theta + \epsilon v)\Big|_{\epsilon = 0},$$

which `hvp` computes by forward mode over reverse mode. Two classical methods need nothing else:

- **power iteration**: $v \leftarrow Hv / \lVert Hv \rVert$ turns towards the eigenvector of the largest $|\lambda|$;
- **Lanczos**: in the space of $v, Hv, H^2v, \dots$ the Hessian is a small tridiagonal matrix, whose eigenvalues come near the
  outermost ones of $H$ at both ends.

**Exercise 3.** $Hv$ is the gradient of a single number, which? Derive $Hv$ for Rosenbrock's valley.
*/
// %% [markdown] zh
/*
## 网络的 Hessian 矩阵

网络的误差曲面有多少个参数，就有多少个方向，各方向的曲率就是 Hessian 矩阵 $H$ 的特征值。网络小的时候，整个 $H$ 都算得起；
大了就不行。但 $Hv$ 只相当于大约两次梯度的代价，它是梯度沿方向 $v$ 的导数：

$$H v = \frac{d}{d\epsilon} \nabla J(\theta + \epsilon v)\Big|_{\epsilon = 0},$$

`hvp` 用“前向模式套反向模式”来计算它。有两种经典方法只需要它：

- **幂迭代**：$v \leftarrow Hv / \lVert Hv \rVert$ 会转向 $|\lambda|$ 最大的特征向量；
- **Lanczos 方法**：在 $v, Hv, H^2v, \dots$ 张成的空间里，Hessian 化为一个小的三对角矩阵，其特征值从两端逼近 $H$ 最外侧的特征值。

**练习 3.** $Hv$ 是哪一个数的梯度？请对 Rosenbrock 山谷推导 $Hv$。
*/
// %%
/** A network with tanh, whose parameters are entries of one vector. */
function tanhNetwork(sizes: readonly number[]): { count: number; forward: (flat: Tensor, x: Tensor) => Tensor } {
  const layers = sizes.slice(1).map((outputs, l) => ({ outputs, inputs: sizes[l] as number }));
  const count = layers.reduce((sum, { outputs, inputs }) => sum + outputs * (inputs + 1), 0);
  const forward = (flat: Tensor, x: Tensor): Tensor => {
    let [a, from] = [x, 0];
    layers.forEach(({ outputs, inputs }, l) => {
      const W = flat.narrow(0, from, outputs * inputs).reshape([outputs, inputs]);
      const b = flat.narrow(0, from + outputs * inputs, outputs);
      from += outputs * (inputs + 1);
      const z = a.matmul(W.t()).add(b);
      a = l < layers.length - 1 ? tanh(z) : z;
    });
    return a;
  };
  return { count, forward };
}

type HessianProduct = (at: Tensor, v: Tensor) => Tensor;
function largestCurvature(product: HessianProduct, at: Tensor, steps = 60): { lambda: number; v: Tensor } {
  let v = randn(at.shape, { dtype: 'float64' });
  let lambda = 0;
  for (let k = 0; k < steps; k++) {
    const Hv = product(at, v);
    lambda = Hv.mul(v).sum().div(v.square().sum()).item();
    v = Hv.div(Hv.norm());
  }
  return { lambda, v };
}
/** The eigenvalues of the tridiagonal matrix after so many products, in rising order. */
function lanczos(product: HessianProduct, at: Tensor, steps: number): number[] {
  const first = randn(at.shape, { dtype: 'float64' });
  const basis = [first.div(first.norm())];
  const products: Tensor[] = [];
  for (let k = 0; k < steps; k++) {
    products.push(product(at, basis[k] as Tensor));
    let next = products[k] as Tensor;
    // Twice, so that rounding does not bring back what was taken out.
    for (const q of [...basis, ...basis]) next = next.sub(q.mul(q.mul(next).sum()));
    basis.push(next.div(next.norm()));
  }
  const Q = stack(basis.slice(0, steps));
  return Array.from(eigvalsh(Q.matmul(stack(products).t())).toTypedArray(), Number);
}

manualSeed(8);
const [ringPoints, ringClasses] = rings(200);
const ringInputs = ringPoints.to('float64');
const classifier = tanhNetwork([2, 6, 6, 2]);
const ringLoss = (flat: Tensor): Tensor => crossEntropy(classifier.forward(flat, ringInputs), ringClasses);
const ringProduct = compile((at: Tensor, v: Tensor) => hvp(ringLoss, [at], [v])[0]);
const ringStep = compile((flat: Tensor) => flat.sub(grad(ringLoss)(flat).mul(0.5)));
function spectrum(at: Tensor): number[] {
  return Array.from(eigvalsh(hessian(ringLoss)(at)).toTypedArray(), Number);
}

const spectra = Array.from({ length: sized({ full: 5, short: 1 }) }, (_, seed) => {
  manualSeed(seed);
  const atStart = randn([classifier.count], { dtype: 'float64' }).mul(0.5);
  let flat = atStart;
  for (let k = 0; k < 1500; k++) flat = ringStep(flat);
  return { atStart, atEnd: flat, start: spectrum(atStart), end: spectrum(flat), loss: ringLoss(flat).item() };
});
const { atEnd, end } = spectra[0] as (typeof spectra)[0];
manualSeed(0);
const power = largestCurvature(ringProduct, atEnd, 100);
const ritz = lanczos(ringProduct, atEnd, 25);
const errorOf = (found: number, exact: number): number => Math.abs(found - exact) / Math.abs(end.at(-1) as number);
await claim({
  en: 'power iteration and 25 steps of Lanczos, by products alone, find the largest eigenvalue of the full Hessian, Lanczos the next ones and the smallest too',
  zh: '幂迭代与 25 步 Lanczos 只用 Hv，就找到了完整 Hessian 的最大特征值；Lanczos 还找到了其后几个和最小的一个',
  measured: `${classifier.count} × ${classifier.count}; relative to the largest, the five largest and the smallest are less than 1e-4 off`,
  holds:
    errorOf(power.lambda, end.at(-1) as number) < 1e-4 &&
    [-1, -2, -3, -4, -5].every((k) => errorOf(ritz.at(k) as number, end.at(k) as number) < 1e-4) &&
    errorOf(ritz[0] as number, end[0] as number) < 1e-4,
});
const flatShare = (values: readonly number[]): number =>
  values.filter((value) => Math.abs(value) < 0.01 * (values.at(-1) as number)).length / values.length;
const shares = spectra.map((one) => Math.round(100 * flatShare(one.end)));
await claim({
  en: 'a trained network lies in a valley indeed: in four fifths of all directions the curvature is less than a hundredth of the largest',
  zh: '训练好的网络确实处在山谷里：约五分之四的方向，曲率不到最大值的百分之一',
  shows: ['curvature/rosenbrock'],
  measured: `${spread(shares)} % of ${classifier.count} directions, ${spectra.length} seeds`,
  holds: shares.every((share) => share > 60),
});
await claim({
  en: 'but 1500 steps of training do not end in a local minimum: some curvatures are negative, small as they are',
  zh: '但训练 1500 步并没有停在局部最优：有些曲率是负的，尽管很小',
  measured: `${spread(spectra.map(({ end: values }) => values.filter((value) => value < -1e-6 * (values.at(-1) as number)).length))} negative eigenvalues, the lowest ${(Math.max(...spectra.map(({ end: values }) => -(values[0] as number) / (values.at(-1) as number))) * 100).toFixed(1)} % of the largest at most`,
  holds: spectra.every(
    ({ end: values }) => (values[0] as number) < 0 && -(values[0] as number) < 0.05 * (values.at(-1) as number),
  ),
  documentSays: {
    en: 'local optima of deep networks often have this shape',
    zh: '深网里局部最优常见此形态',
  },
});
const flatDirections = spectra.map(
  ({ end: values }) => values.filter((value) => Math.abs(value) < 1e-12 * (values.at(-1) as number)).length,
);
await claim({
  en: 'seven directions are exactly flat: adding the same to both outputs (six weights, one bias) does not change a softmax',
  zh: '有七个方向完全平坦：给两个输出加上同样的数（六个权重、一个偏置），softmax 不变',
  measured: `${spread(flatDirections)} eigenvalues below 1e-12 of the largest`,
  holds: flatDirections.every((count) => count === 7),
});
const sizesOf = (values: readonly number[]): number[] => values.map(Math.abs).sort((a, b) => b - a);
lineChart(
  {
    'before training': sizesOf(spectra[0]?.start ?? []),
    'after training': sizesOf(end),
    'Lanczos, 25 products': sizesOf(ritz),
  },
  {
    title: `The curvatures of a network of ${classifier.count} parameters`,
    subtitle: 'absolute eigenvalues of the Hessian of the loss, from the largest on',
    xLabel: 'rank',
    yLabel: '|λ|',
    yScale: 'log',
  },
);
// %% [markdown] en
/*
## 2/λ on a network, and the edge of stability

Does $\alpha < 2/\lambda_{\max}$ hold for a network as well? First at a minimum: a network learns $\sin 3\pi x$ by LBFGS until the
gradient vanishes. We push it a little along the steepest direction, let gradient descent run, and look for the largest rate at which
the push dies away.
*/
// %% [markdown] zh
/*
## 网络上的 2/λ，以及稳定边缘

$\alpha < 2/\lambda_{\max}$ 对网络也成立吗？先在最小值处看：用 LBFGS 让网络学习 $\sin 3\pi x$，直到梯度消失；然后沿最陡的方向轻轻推一下，
再做梯度下降，找出能让扰动消失的最大学习率。
*/
// %%
const regression = tanhNetwork([1, 12, 12, 1]);
const abscissas = linspace(-1, 1, 24, { dtype: 'float64' }).reshape([24, 1]);
const wave = abscissas.mul(3 * Math.PI).sin();
const waveLoss = (flat: Tensor): Tensor => regression.forward(flat, abscissas).sub(wave).square().mean();
const waveProduct = compile((at: Tensor, v: Tensor) => hvp(waveLoss, [at], [v])[0]);
const waveStep = compile((flat: Tensor, rate: Tensor) => flat.sub(grad(waveLoss)(flat).mul(rate)));
const waveStart = (seed: number): Tensor => {
  manualSeed(seed);
  return randn([regression.count], { dtype: 'float64' }).mul(0.4);
};
const asRate = (rate: number): Tensor => tensor(rate, { dtype: 'float64' });

const solved = new Parameter(waveStart(0));
const solver = new LBFGS([solved], {
  lineSearchFn: 'strongWolfe',
  maxIter: 2000,
  toleranceGrad: 1e-9,
  toleranceChange: 1e-14,
});
const evaluate = compile(() => {
  solver.zeroGrad();
  const loss = waveLoss(solved);
  loss.backward();
  return loss;
});
solver.step(evaluate);
const steepest = largestCurvature(waveProduct, solved.value, 300);
const pushed = solved.value.add(steepest.v.mul(1e-4));
const offset = (flat: Tensor): number => Math.abs(flat.sub(solved.value).mul(steepest.v).sum().item());
const networkLimit = largestStable(
  (rate) => {
    let flat = pushed;
    for (let k = 0; k < 60; k++) flat = waveStep(flat, asRate(rate));
    return offset(flat) < offset(pushed);
  },
  0,
  4 / steepest.lambda,
);
await claim({
  en: 'at a minimum of a network the largest stable rate is 2/λ, too',
  zh: '在网络的最小值处，最大的稳定学习率同样是 2/λ',
  measured: `${((networkLimit * steepest.lambda) / 2).toFixed(2)} times 2/λ`,
  holds: Math.abs((networkLimit * steepest.lambda) / 2 - 1) < 0.02,
});
// %% [markdown] en
/*
Now during training: plain gradient descent on the whole batch, at several rates, and every now and then $\lambda_{\max}$ by `hvp`. One
would think that training ends in some valley, and either the rate suits it or not. Look where $\lambda_{\max}$ goes.
*/
// %% [markdown] zh
/*
再看训练过程：用若干学习率做全批量的梯度下降，每隔一段时间用 `hvp` 求一次 $\lambda_{\max}$。人们会想：训练总会停在某个山谷，
学习率要么合适，要么不合适。看看 $\lambda_{\max}$ 走向哪里吧。
*/
// %%
const edgeRates = [0.2, 0.1, 0.05];
const every = 250;
function sharpnessWhileTraining(rate: number, seed: number, steps: number): { sharpness: number[]; loss: number } {
  let flat = waveStart(seed);
  const sharpness: number[] = [];
  for (let k = 0; k <= steps; k++) {
    if (k % every === 0) sharpness.push(largestCurvature(waveProduct, flat, 60).lambda);
    flat = waveStep(flat, asRate(rate));
  }
  return { sharpness, loss: waveLoss(flat).item() };
}
const edgeSteps = sized({ full: 8000, short: 500 });
const edgeSeeds = sized({ full: [0, 1, 2], short: [0] });
const edge = edgeRates.map((rate) => edgeSeeds.map((seed) => sharpnessWhileTraining(rate, seed, edgeSteps)));
const ended = edge.map((runs, k) =>
  runs.map(({ sharpness }) => median(sharpness.slice(-8)) / (2 / (edgeRates[k] as number))),
);
await claim({
  en: 'gradient descent brings itself to the edge: at rates 0.2 and 0.1 λ ends at 2/α and stays there; at 0.05 8000 steps are not enough for every seed',
  zh: '梯度下降会把自己带到稳定边缘：学习率为 0.2 和 0.1 时，λ 最终停留在 2/α；为 0.05 时，8000 步还不够所有种子走到那里',
  measured: `λ/(2/α) at the end, over ${edgeSeeds.length} seeds: ${ended.map((ratios, k) => `${edgeRates[k]}: ${Math.min(...ratios).toFixed(1)} to ${Math.max(...ratios).toFixed(1)}`).join('; ')}`,
  holds:
    edgeSteps < 8000 ||
    ended
      .slice(0, 2)
      .flat()
      .every((ratio) => Math.abs(ratio - 1) < 0.05),
});
const edgeAt = Array.from({ length: edgeSteps / every + 1 }, (_, k) => k * every);
lineChart(
  Object.fromEntries(
    edgeRates.map((rate, k) => [`α = ${rate}, 2/α = ${2 / rate}`, { x: edgeAt, y: edge[k]?.at(-1)?.sharpness ?? [] }]),
  ),
  {
    title: 'Training goes to the edge of stability',
    subtitle: `largest curvature of the loss, measured by hvp every ${every} steps; one of ${edgeSeeds.length} seeds`,
    xLabel: 'step of gradient descent',
    yLabel: 'λmax',
  },
);
// %% [markdown] en
/*
So “the rate is too large for the curvature” is no accident. Descent at a large rate keeps out of narrow valleys; at a small one it
enters narrower and narrower ones, until they are just as narrow as it can bear (Cohen et al., 2021).

## Momentum 0.5, then 0.9

The notes recommend $\gamma = 0.5$ until training is stable, and 0.9 or more from then on. `MomentumWarmup` does this. We train the
network of the notes (2-32-16-2, ReLU) on the rings, with momentum 0.5 all the time, 0.9 all the time, and 0.5 for three epochs,
then 0.9.
*/
// %% [markdown] zh
/*
可见“学习率对这里的曲率来说太大”并非偶然。学习率大，下降就不会进入狭窄的山谷；学习率小，它就走进越来越窄的山谷，
直到恰好是自己承受得了的宽度（Cohen 等，2021）。

## 动量先 0.5 后 0.9

讲义建议先用 $\gamma = 0.5$，等训练稳定后再增大到 0.9 或更大，`MomentumWarmup` 正是这样做的。用讲义的网络（2-32-16-2，ReLU）学习同心环：
始终 0.5；始终 0.9；前三轮 0.5、之后 0.9。
*/
// %%
type Plan = '0.5' | '0.9' | '0.5, then 0.9';
function trainOnRings(seed: number, lr: number, plan: Plan, epochs: number): number[] {
  manualSeed(seed);
  const [points, classes] = rings(1000, { noise: 0.1 });
  const inputs = points.div(points.std());
  const model = new Sequential(new Linear(2, 32), new ReLU(), new Linear(32, 16), new ReLU(), new Linear(16, 2));
  const optimizer = new SGD(model.parameters(), { lr, momentum: plan === '0.9' ? 0.9 : 0.5 });
  const warmup =
    plan === '0.5, then 0.9' ? new MomentumWarmup(optimizer, { constantIters: 3, totalIters: 1 }) : undefined;
  const step = compile((x: Tensor, t: Tensor) => {
    optimizer.zeroGrad();
    crossEntropy(model.forward(x), t).backward();
    optimizer.step();
  });
  const lossOfAll = compile(() => crossEntropy(model.forward(inputs), classes));
  const loader = new DataLoader(new TensorDataset(inputs, classes), { batchSize: 100, shuffle: true });
  const losses = [lossOfAll().item()];
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const [x, t] of loader) step(x, t);
    warmup?.step();
    losses.push(lossOfAll().item());
  }
  step.dispose();
  lossOfAll.dispose();
  return losses;
}
const plans: readonly Plan[] = ['0.5', '0.9', '0.5, then 0.9'];
const planRates = [0.01, 0.1, 1];
const ringEpochs = 10;
const ringSeeds = Array.from({ length: sized({ full: 7, short: 2 }) }, (_, seed) => seed);
const ringRuns = planRates.map((lr) =>
  plans.map((plan) => ringSeeds.map((seed) => trainOnRings(seed, lr, plan, ringEpochs))),
);
const lossesAfter = (rate: number, plan: Plan, epoch: number): number[] =>
  ringRuns[planRates.indexOf(rate)]?.[plans.indexOf(plan)]?.map((losses) => losses[epoch] as number) ?? [];
await showTable(
  ['learning rate', 'momentum', 'loss after 5 epochs: median (range)', 'after 10'],
  planRates.flatMap((lr) =>
    plans.map((plan) => [lr, plan, spread(lossesAfter(lr, plan, 5)), spread(lossesAfter(lr, plan, 10))]),
  ),
);
await claim({
  en: 'where 0.9 is stable from the start, it is faster than 0.5 and then 0.9',
  zh: '若一开始用 0.9 就稳定，那么它比先 0.5 后 0.9 更快',
  shows: ['momentum/schedule'],
  measured: `loss after 5 epochs, rate 0.1, ${ringSeeds.length} seeds: always 0.9 ${spread(lossesAfter(0.1, '0.9', 5))}, 0.5 then 0.9 ${spread(lossesAfter(0.1, '0.5, then 0.9', 5))}`,
  holds: Math.max(...lossesAfter(0.1, '0.9', 5)) < Math.min(...lossesAfter(0.1, '0.5, then 0.9', 5)),
  documentSays: { en: 'first 0.5 until stable, then 0.9 or more', zh: '先用 γ=0.5 直到收敛开始稳定，再增大到 0.9' },
});
await claim({
  en: 'at a large rate 0.9 from the start is a gamble, which 0.5 at first avoids',
  zh: '学习率大时，一开始就用 0.9 是碰运气，先用 0.5 则可以避免',
  shows: ['momentum/schedule'],
  measured: `largest loss after 5 epochs, rate 1: always 0.9 ${Math.max(...lossesAfter(1, '0.9', 5)).toPrecision(2)}, 0.5 then 0.9 ${Math.max(...lossesAfter(1, '0.5, then 0.9', 5)).toPrecision(2)}`,
  holds:
    ringSeeds.length < 5 || Math.max(...lossesAfter(1, '0.9', 5)) > 5 * Math.max(...lossesAfter(1, '0.5, then 0.9', 5)),
});
lineChart(
  Object.fromEntries(
    plans.map((plan) => {
      const runs = ringRuns[planRates.indexOf(1)]?.[plans.indexOf(plan)] ?? [];
      return [`γ = ${plan}`, overSeeds(runs)];
    }),
  ),
  {
    title: 'Momentum 0.5, 0.9, and first one, then the other',
    subtitle: `rings, rate 1; median of ${ringSeeds.length} seeds, bands from the least to the greatest`,
    xLabel: 'epoch',
    yLabel: 'cross-entropy',
    yScale: 'log',
  },
);
// %% [markdown] en
/*
## Clipping

Far from the minimum Rosenbrock's walls are so steep that one step throws the point off for good. **Clipping** bounds the step:
`clipGradNorm` shortens the gradient to a length $c$, `clipGradValue` cuts each entry on its own:

$$g \leftarrow g \cdot \min\!\left(1, \frac{c}{\lVert g \rVert}\right), \qquad\text{or}\qquad g_i \leftarrow \max(-c, \min(c, g_i)).$$
*/
// %% [markdown] zh
/*
## 梯度裁剪

远离最小值的地方，Rosenbrock 的谷壁陡得一步就能把点抛得再也回不来。**裁剪**限制了步长：`clipGradNorm` 把梯度缩短到长度 $c$，
`clipGradValue` 则逐个分量截断：

$$g \leftarrow g \cdot \min\!\left(1, \frac{c}{\lVert g \rVert}\right), \qquad\text{或}\qquad g_i \leftarrow \max(-c, \min(c, g_i)).$$
*/
// %%
const walker = new Parameter(tensor([0, 0], { dtype: 'float64' }));
/** Gradient descent from anywhere, with something done to the gradients before each step. */
function walking(lr: number, clip: () => void): (from: readonly number[], steps: number) => Way {
  const optimizer = new SGD([walker], { lr });
  const step = compile(() => {
    optimizer.zeroGrad();
    rosenbrock(walker).backward();
    clip();
    optimizer.step();
  });
  return (from, steps) => {
    walker.assign(tensor(from, { dtype: 'float64' }));
    const way: Way = [[...from]];
    for (let k = 0; k < steps; k++) {
      step();
      way.push(walker.toArray() as number[]);
    }
    return way;
  };
}
const thrown = [-2, 0];
const corners = [-2, -1, 0, 1, 2].flatMap((x) => [-1, 0, 1, 2, 3].map((y) => [x, y]));
const noClip = (): void => {};
const byNorm = (): void => void clipGradNorm([walker], 10);
const byValue = (): void => clipGradValue([walker], 10);
const explodes = (way: Way): boolean => !(way.at(-1) as number[]).every(Number.isFinite);
const [free, normClipped, valueClipped] = [noClip, byNorm, byValue].map((clip) => walking(1.5e-3, clip)) as [
  ReturnType<typeof walking>,
  ReturnType<typeof walking>,
  ReturnType<typeof walking>,
];
const bare = corners.filter((corner) => explodes(free(corner, 60))).length;
const clipped = corners.filter((corner) => explodes(normClipped(corner, 60))).length;
const arrived = settled(normClipped(thrown, 6000), minimum, 0.1);
const tooFast = settled(walking(3e-3, byNorm)(thrown, budget), minimum, 0.1);

walker.assign(tensor(thrown, { dtype: 'float64' }));
const directionAfter = (clip: () => void): number => {
  walker.grad = slope(walker.value);
  clip();
  const [x = 0, y = 0] = (walker.grad as Tensor).toArray() as number[];
  return (Math.atan2(y, x) * 180) / Math.PI;
};
const [direction, keptDirection, cutDirection] = [noClip, byNorm, byValue].map(directionAfter) as [
  number,
  number,
  number,
];
await claim({
  en: 'clipping prevents every explosion',
  zh: '裁剪阻止了所有爆炸',
  shows: ['curvature/remedies'],
  measured: `rate 0.0015, 25 starts: ${bare} explode without, ${clipped} with clipping to norm 10; from (−2, 0) it arrives after ${arrived} steps`,
  holds: bare > 3 && clipped === 0 && Number.isFinite(arrived),
});
await claim({
  en: 'it does not make up for a rate that is too large at the minimum: at 0.003 it is stopped as before',
  zh: '但它补救不了在最小值处过大的学习率：取 0.003 时照样被困住',
  shows: ['curvature/remedies'],
  measured: `not within 0.1 of the minimum after ${budget} steps at rate 0.003 and norm 10`,
  holds: tooFast === Number.POSITIVE_INFINITY,
});
await claim({
  en: 'clipping by norm keeps the direction, clipping by value turns it towards a diagonal',
  zh: '按范数裁剪保持方向，按值裁剪会把方向转向对角线',
  measured: `${direction.toFixed(1)}° before, ${keptDirection.toFixed(1)}° by norm, ${cutDirection.toFixed(1)}° by value`,
  holds: Math.abs(direction - keptDirection) < 1e-9 && Math.abs(direction - cutDirection) > 20,
});
landscape(heightsOf(rosenbrock), {
  title: 'Thrown out, or clipped',
  subtitle: 'from (−2, 0) with rate 0.0015; the third step without clipping: 349 long',
  x: [-3, 3],
  y: [-1, 3],
  xLabel: 'x',
  yLabel: 'y',
  heightScale: 'log',
  paths: {
    'no clipping': free(thrown, 12),
    'norm at most 10': normClipped(thrown, 1500),
    'entries at most 10': valueClipped(thrown, 1500),
  },
  marks: [minimum],
});
// %% [markdown] en
/*
## Flattening: standardised inputs, normalised layers

Better than coping with a valley is not having one. For a linear neuron with squared error the Hessian is the matrix of second moments
of the inputs, with a 1 appended for the bias,

$$H = \frac1N \sum_j \tilde x^{(j)} \tilde x^{(j)\top}, \qquad \tilde x = (x, 1).$$

Inputs that are far from zero, or measured in different units, make it narrow; standardising them makes it round, up to the
correlations that remain. Fisher's irises, with the sepals in millimetres and the petals in centimetres:
*/
// %% [markdown] zh
/*
## 把地形变平：标准化输入与归一化层

与其应付山谷，不如没有山谷。对带平方误差的线性神经元，Hessian 就是输入的二阶矩矩阵（为偏置补上一个 1）：

$$H = \frac1N \sum_j \tilde x^{(j)} \tilde x^{(j)\top}, \qquad \tilde x = (x, 1).$$

输入离零很远，或者各分量单位不同，地形就会变窄；标准化之后就会变圆，只剩相关性的影响。下面用 Fisher 的鸢尾花数据，
其中萼片用毫米、花瓣用厘米：
*/
// %%
const [measured, species] = iris().tensors;
const flowers = measured
  .to('float64')
  .mul(tensor([10, 10, 1, 1], { dtype: 'float64' }))
  .t();
const target = species.to('float64').sub(1);
const round = standardize(flowers, flowers.mean(1), flowers.std(1, { correction: 0 }), 1e-8);
const withOne = (X: Tensor): Tensor => cat([X, X.select(0, 0).mul(0).add(1).unsqueeze(0)], 0);
const conditions = [flowers, round].map((X) => {
  const inputs = withOne(X);
  const loss = (w: Tensor): Tensor => w.matmul(inputs).sub(target).square().mean().mul(0.5);
  const values = Array.from(
    eigvalsh(hessian(loss)(tensor([0, 0, 0, 0, 0], { dtype: 'float64' }))).toTypedArray(),
    Number,
  );
  const [least, greatest] = [values[0] as number, values.at(-1) as number];
  let w = tensor([0, 0, 0, 0, 0], { dtype: 'float64' });
  const step = compile((w: Tensor) => w.sub(grad(loss)(w).mul(2 / (least + greatest))));
  for (let k = 0; k < 2000; k++) w = step(w);
  step.dispose();
  return { least, greatest, kappa: greatest / least, loss: loss(w).item() };
});
const [raw, rounded] = conditions as [(typeof conditions)[0], (typeof conditions)[0]];
await claim({
  en: 'standardising the inputs makes the valley a thousand times rounder, and descent ends lower',
  zh: '标准化输入使山谷圆了上千倍，下降也降得更低',
  shows: ['curvature/remedies', 'rule:standardize'],
  measured: `κ from ${raw.kappa.toPrecision(2)} to ${rounded.kappa.toPrecision(2)}; loss after 2000 steps with the best rate ${raw.loss.toFixed(4)} and ${rounded.loss.toFixed(4)}`,
  holds: raw.kappa > 1000 * rounded.kappa && rounded.loss < raw.loss,
});
// %% [markdown] en
/*
The notes say the same of what happens inside: BatchNorm, LayerNorm and residual connections make the terrain “flatter”, and proper
initialisation helps. We measure the steepest curvature $\lambda_{\max}$ at the start for a network of seven hidden layers (ReLU,
16 units), its weights drawn by He's rule times ½, 1 and 2. And we measure how well 150 steps of gradient descent do with each rate.
*/
// %% [markdown] zh
/*
讲义对网络内部也这样说：BatchNorm、LayerNorm、残差连接使地形更“平坦”，合理的初始化也有帮助。下面取一个七个隐层（ReLU，每层 16 个单元）的网络，
权重按 He 规则抽取后再乘 ½、1、2，测量训练开始时最陡的曲率 $\lambda_{\max}$；并看各学习率下 150 步梯度下降的结果。
*/
// %%
const width = 16;
const shapes = [[width, 2], ...Array.from({ length: 6 }, () => [width, width]), [2, width]] as [number, number][];
function layersOf(flat: Tensor): { W: Tensor; b: Tensor }[] {
  let from = 0;
  return shapes.map(([outputs, inputs]) => {
    const W = flat.narrow(0, from, outputs * inputs).reshape([outputs, inputs]);
    const b = flat.narrow(0, from + outputs * inputs, outputs);
    from += outputs * (inputs + 1);
    return { W, b };
  });
}
const standardizedAlong = (z: Tensor, dim: number): Tensor => {
  const centred = z.sub(z.mean(dim, { keepDim: true }));
  return centred.div(centred.square().mean(dim, { keepDim: true }).add(1e-5).sqrt());
};
/** A block: what a hidden layer makes of what it gets and of its net inputs. */
const blocks: Record<string, (z: Tensor, a: Tensor) => Tensor> = {
  plain: (z) => relu(z),
  LayerNorm: (z) => relu(standardizedAlong(z, 1)),
  BatchNorm: (z) => relu(standardizedAlong(z, 0)),
  residual: (z, a) => (a.shape[1] === width ? a.add(relu(z)) : relu(z)),
};
const deepLoss =
  (block: (z: Tensor, a: Tensor) => Tensor) =>
  (flat: Tensor): Tensor => {
    const layers = layersOf(flat);
    const last = layers.pop() as (typeof layers)[0];
    const hidden = layers.reduce((a, { W, b }) => block(a.matmul(W.t()).add(b), a), ringInputs);
    return crossEntropy(hidden.matmul(last.W.t()).add(last.b), ringClasses);
  };
const drawn = (seed: number, gain: number): Tensor => {
  manualSeed(seed);
  return cat(
    shapes.flatMap(([outputs, inputs]) => [
      randn([outputs * inputs], { dtype: 'float64' }).mul(gain * Math.sqrt(2 / inputs)),
      tensor(
        Array.from({ length: outputs }, () => 0),
        { dtype: 'float64' },
      ),
    ]),
  );
};
const gains = [0.5, 1, 2];
const deepRates = sized({ full: [0.003, 0.01, 0.03, 0.1, 0.3, 1], short: [0.03] });
const deepSeeds = sized({ full: [0, 1, 2, 3, 4], short: [0] });
const flatness = Object.entries(blocks).map(([name, block]) => {
  const loss = deepLoss(block);
  const product = compile((at: Tensor, v: Tensor) => hvp(loss, [at], [v])[0]);
  const step = compile((flat: Tensor, rate: Tensor) => flat.sub(grad(loss)(flat).mul(rate)));
  const curvature = gains.map((gain) =>
    deepSeeds.map((seed) => Math.abs(largestCurvature(product, drawn(seed, gain), 30).lambda)),
  );
  const losses = deepRates.map((rate) =>
    median(
      deepSeeds.map((seed) => {
        let flat = drawn(seed, 1);
        for (let k = 0; k < 150; k++) flat = step(flat, asRate(rate));
        const reached = loss(flat).item();
        return Number.isFinite(reached) ? reached : Number.POSITIVE_INFINITY;
      }),
    ),
  );
  product.dispose();
  step.dispose();
  return { name, curvature, losses };
});
await showTable(
  ['', ...gains.map((gain) => `λmax at He × ${gain}`)],
  flatness.map(({ name, curvature }) => [name, ...curvature.map((values) => spread(values))]),
);
const ofBlock = (name: string): { curvature: number[]; losses: number[] } => {
  const found = flatness.find((one) => one.name === name);
  return { curvature: found?.curvature.map(median) ?? [], losses: found?.losses ?? [] };
};
const sensitivity = (name: string): number =>
  Math.max(...ofBlock(name).curvature) / Math.min(...ofBlock(name).curvature);
await claim({
  en: 'normalisation does not make the start flatter than He’s rule does, but almost independent of how the weights are scaled',
  zh: '归一化并不比 He 初始化更平坦，但它使曲率几乎不随权重的缩放而变',
  shows: ['curvature/remedies'],
  measured: `λmax at He × ½, 1, 2, median of ${deepSeeds.length} seeds: ${['plain', 'LayerNorm', 'BatchNorm']
    .map(
      (name) =>
        `${name} ${ofBlock(name)
          .curvature.map((value) => Number(value.toPrecision(2)))
          .join(', ')}`,
    )
    .join('; ')}`,
  holds: sensitivity('plain') > 100 && sensitivity('LayerNorm') < 10 && sensitivity('BatchNorm') < 10,
  documentSays: {
    en: 'BatchNorm, LayerNorm and residual connections make the terrain flatter',
    zh: 'BatchNorm/LayerNorm、残差连接让优化地形更“平坦”',
  },
});
const [plainBlock, residualBlock] = [ofBlock('plain'), ofBlock('residual')];
await claim({
  en: 'residual connections make the start steeper: six sums in a row let the signal grow',
  zh: '残差连接使起点更陡：连续六次相加，信号越来越大',
  shows: ['curvature/remedies'],
  measured: `λmax at He × 1: ${residualBlock.curvature[1]?.toPrecision(2)} against ${plainBlock.curvature[1]?.toPrecision(2)} plain`,
  holds: (residualBlock.curvature[1] as number) > 2 * (plainBlock.curvature[1] as number),
  documentSays: {
    en: 'residual connections make the terrain flatter',
    zh: '残差连接让优化地形更“平坦”',
  },
});
const atLargest = (name: string): number => ofBlock(name).losses.at(-1) as number;
await claim({
  en: 'what BatchNorm gives is a wide choice of rates: it learns at the largest, at which the plain network does not learn at all',
  zh: 'BatchNorm 带来的是很宽的学习率范围：在最大的学习率下它照样学得会，而普通网络完全学不动',
  shows: ['curvature/remedies'],
  measured: `loss after 150 steps at rate 1: BatchNorm ${atLargest('BatchNorm').toPrecision(2)}, plain ${atLargest('plain').toPrecision(2)}`,
  holds: deepRates.length < 6 || (atLargest('BatchNorm') < 0.01 && atLargest('plain') > 0.5),
});
heatMap(
  flatness.map(({ losses }) => losses),
  {
    title: 'Which rates a deep network bears',
    subtitle: `loss after 150 steps of gradient descent, median of ${deepSeeds.length} seeds; orange: diverged`,
    rowNames: Object.keys(blocks),
    columnNames: deepRates.map(String),
    xLabel: 'learning rate',
    colourScale: 'log',
    format: (loss) => (Number.isFinite(loss) ? String(Number(loss.toPrecision(2))) : '–'),
  },
);
// %% [markdown] en
/*
LayerNorm is the slowest here, and for a reason worth knowing: without bias, $\mathrm{LayerNorm}(W x)$ is the same for $x$ and for
$2x$. It erases the distance from the centre, which is just what tells the two rings apart. A normalisation is an assumption about
the data.
*/
// %% [markdown] zh
/*
LayerNorm 在这里最慢，原因值得记住：没有偏置时，$\mathrm{LayerNorm}(W x)$ 对 $x$ 与 $2x$ 的结果相同，于是到圆心的距离被抹掉了，
而区分两个环靠的恰恰是这个距离。归一化也是对数据的一种假设。
*/
// %% [markdown] en
/*
## Answers

**1.** The factors are $1 - \alpha\lambda_{\min}$ and $1 - \alpha\lambda_{\max}$. Of the larger of their sizes, the smallest is where
they are opposite:

$$\alpha = \frac{2}{\lambda_{\min} + \lambda_{\max}}, \qquad \text{factor} = \frac{\kappa - 1}{\kappa + 1} \approx 1 - \frac{2}{\kappa}.$$

So about $\kappa/2$ steps for each factor $e$: the slope 1 in the picture above.

**2.** With $a = y - x^2$,

$$\frac{\partial J}{\partial x} = -2(1 - x) - 400\,x\,a, \qquad \frac{\partial J}{\partial y} = 200\,a.$$

**3.** $Hv$ is the gradient of $\nabla J \cdot v$, the slope in the direction $v$, where $v$ is constant:

$$Hv = \begin{bmatrix} (2 - 400 y + 1200 x^2)\, v_x - 400\, x\, v_y \\ -400\, x\, v_x + 200\, v_y \end{bmatrix}.$$
*/
// %% [markdown] zh
/*
## 答案

**1.** 两个因子是 $1 - \alpha\lambda_{\min}$ 与 $1 - \alpha\lambda_{\max}$。要使较大的绝对值最小，两者应互为相反数：

$$\alpha = \frac{2}{\lambda_{\min} + \lambda_{\max}}, \qquad \text{因子} = \frac{\kappa - 1}{\kappa + 1} \approx 1 - \frac{2}{\kappa}.$$

因此误差每缩小到 $1/e$ 约需 $\kappa/2$ 步：这就是前面图中斜率为 1 的那条线。

**2.** 记 $a = y - x^2$，则

$$\frac{\partial J}{\partial x} = -2(1 - x) - 400\,x\,a, \qquad \frac{\partial J}{\partial y} = 200\,a.$$

**3.** $Hv$ 是 $\nabla J \cdot v$（沿方向 $v$ 的斜率，$v$ 视为常量）的梯度：

$$Hv = \begin{bmatrix} (2 - 400 y + 1200 x^2)\, v_x - 400\, x\, v_y \\ -400\, x\, v_x + 200\, v_y \end{bmatrix}.$$
*/
// %%
const scan = Array.from({ length: 15 }, (_, k) => 0.07 + 0.001 * k);
const shrinking = scan.map((rate) => {
  const way = withRate(rate, 100);
  return (Math.hypot(...(way[100] as number[])) / Math.hypot(...(way[50] as number[]))) ** (1 / 50);
});
const quickest = shrinking.indexOf(Math.min(...shrinking));
await claim({
  en: 'exercise 1: the best rate in the valley with λ = 1 and 25 is 2/26, the factor 24/26',
  zh: '练习 1：在 λ = 1 与 25 的山谷里，最佳学习率为 2/26，因子为 24/26',
  measured: `best of ${scan.length} rates: ${scan[quickest]?.toFixed(4)} (2/26 = 0.0769), factor ${shrinking[quickest]?.toFixed(3)} (24/26 = 0.923)`,
  holds:
    Math.abs((scan[quickest] as number) - 2 / 26) < 6e-4 && Math.abs((shrinking[quickest] as number) - 24 / 26) < 2e-3,
});
const gradientByHand = checkDerivation(
  (x: Tensor, y: Tensor) => {
    const a = y.sub(x.square());
    return { dx: x.sub(1).mul(2).sub(x.mul(a).mul(400)), dy: a.mul(200) };
  },
  J,
  at,
);
console.log(String(gradientByHand));
const v = { x: tensor([0.3, -1], { dtype: 'float64' }), y: tensor([2, 0.5], { dtype: 'float64' }) };
const productByHand = checkDerivation(
  (x: Tensor, y: Tensor) => ({
    dx: x.square().mul(1200).sub(y.mul(400)).add(2).mul(v.x).sub(x.mul(v.y).mul(400)),
    dy: v.y.mul(200).sub(x.mul(v.x).mul(400)),
  }),
  (x: Tensor, y: Tensor) => {
    const [dx, dy] = grad(J)(x, y);
    return dx.mul(v.x).add(dy.mul(v.y)).sum();
  },
  at,
);
console.log(String(productByHand));
const byLibrary = hvp(J, [at.x, at.y], [v.x, v.y]);
await claim({
  en: 'exercises 2 and 3: the gradient and the product with the Hessian, derived by hand, are right; hvp gives the same',
  zh: '练习 2 与 3：手工推导的梯度与 Hessian–向量积都正确，hvp 的结果相同',
  shows: ['curvature/rosenbrock'],
  measured: `Hv at (−1.2, 1), v = (0.3, 2): ${byLibrary.map((part) => part.select(0, 0).item().toFixed(0)).join(', ')}`,
  holds: gradientByHand.passed && productByHand.passed && Math.abs(byLibrary[1].select(0, 0).item() - 544) < 1e-9,
});
// %% [markdown] en
/*
## What to take along

- The largest stable rate is $2/\lambda_{\max}$: in a valley, at a minimum of a network, and it is where training goes by itself.
- Plain descent needs $\kappa$ times as many steps as a round bowl, momentum $\sqrt\kappa$ times.
- Adaptive rates make valleys along the axes round, not those that lie askew; they forgive a rate that is not tuned.
- Compare optimizers each with *its* best rate, from several starts; else you compare rates.
*/
// %% [markdown] zh
/*
## 带走这几点

- 最大的稳定学习率是 $2/\lambda_{\max}$：山谷里如此，网络的最小值处如此，训练自己也会走到那里。
- 与圆碗相比，普通下降的步数多 $\kappa$ 倍，动量只多 $\sqrt\kappa$ 倍。
- 自适应学习率能把沿坐标轴的山谷变圆，斜着的则不行；它的好处是学习率没调好也能用。
- 比较优化器，要各取*它自己的*最佳学习率，并从多个起点出发；否则比较的只是学习率。
*/
