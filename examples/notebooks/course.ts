/** A text in both languages of the course. */
export interface Told {
  readonly en: string;
  readonly zh: string;
}

/** A notebook of the course. */
export interface Lesson {
  /** The name of its source, without `.ts`. */
  readonly file: string;
  readonly title: Told;
  /** What whoever worked through it can do. */
  readonly abilities: readonly Told[];
  /** About how long it takes to read and run, in minutes. */
  readonly minutes: number;
}

/** The notebooks, in the order in which they build on each other. */
export const lessons: readonly Lesson[] = [
  {
    file: '01-from-neuron-to-network',
    title: { en: 'From neuron to network', zh: '从神经元到网络' },
    abilities: [
      {
        en: 'teach a perceptron and an ADALINE by hand, and say what each can and cannot promise',
        zh: '手工训练感知机与 ADALINE，并说清各自能保证什么、不能保证什么',
      },
      {
        en: 'read a learning rate’s limit off the surface of the error, and widen it by standardising',
        zh: '从误差曲面看出学习率的上限，并用标准化放宽它',
      },
      {
        en: 'solve XOR by a feature and by a hidden layer, and explain why learning it sometimes fails',
        zh: '用特征与隐含层两种办法解决 XOR，并解释学习为何有时失败',
      },
    ],
    minutes: 45,
  },
  {
    file: '02-forward',
    title: { en: 'Forward', zh: '前向传播' },
    abilities: [
      {
        en: 'compute a network forward, as a vector and as a batch of columns',
        zh: '用向量和按列的小批量完成网络的前向计算',
      },
      {
        en: 'draw each activation with its derivative, and say where it saturates',
        zh: '画出各激活函数及其导数，并说出在哪里饱和',
      },
      { en: 'write a softmax and a cross-entropy that do not overflow', zh: '写出不会溢出的 softmax 与交叉熵' },
    ],
    minutes: 30,
  },
  {
    file: '03-backpropagation',
    title: { en: 'Backpropagation by local sensitivity', zh: '用局部敏感度推导反向传播' },
    abilities: [
      {
        en: 'derive every rule of backpropagation from local sensitivities, for a sample and for a batch',
        zh: '由局部敏感度推导反向传播的每一条公式，单样本与批量形式都会',
      },
      {
        en: 'check a derivation against the tape, and recognise the usual mistakes by what they do',
        zh: '用计算图检验推导，并从现象认出常见的错误',
      },
      {
        en: 'say where y − t comes from and what it takes for granted',
        zh: '说出 y − t 从何而来、以什么为前提',
      },
    ],
    minutes: 60,
  },
  {
    file: '04-layer-decomposition',
    title: { en: 'Taking layers apart', zh: '层分解' },
    abilities: [
      {
        en: 'take a network apart into sublayers, write down the Jacobian of each, and recombine them',
        zh: '把网络拆成子层，写出各自的雅可比，并重新组合',
      },
      {
        en: 'choose an output activation and a loss that belong together, and say what a wrong choice costs',
        zh: '为任务选对输出激活与损失的搭配，并说清选错的代价',
      },
      {
        en: 'keep shapes, batches and large scores from spoiling a gradient',
        zh: '避免形状、批量和大得分毁掉梯度',
      },
    ],
    minutes: 45,
  },
  {
    file: '05-vanishing-gradients',
    title: { en: 'Vanishing gradients', zh: '梯度消失' },
    abilities: [
      {
        en: 'say what a layer multiplies a sensitivity by, and measure it',
        zh: '说出一层把敏感度乘以什么，并把它测出来',
      },
      {
        en: 'choose weights so that signals stay level, for tanh, ReLU and convolutions',
        zh: '为 tanh、ReLU 和卷积层选择让信号保持平稳的权重',
      },
      {
        en: 'say what normalisation, residual connections and warmup do against vanishing gradients, and what they do not',
        zh: '说清归一化、残差连接和预热对梯度消失能做什么、不能做什么',
      },
    ],
    minutes: 45,
  },
  {
    file: '06-rings',
    title: { en: 'Rings', zh: '同心圆环' },
    abilities: [
      {
        en: 'train a network from scratch, without a tape, and show that the tape does the same',
        zh: '不用计算图，从零训练一个网络，并证明计算图做的是同一件事',
      },
      {
        en: 'compare ways to descend fairly: over seeds, and with steps of one length',
        zh: '公平地比较不同的下降方式：用多个种子，并让步长一致',
      },
      { en: 'say when the order of the samples matters, and why', zh: '说出样本顺序何时重要、为什么重要' },
    ],
    minutes: 40,
  },
  {
    file: '07-mnist',
    title: { en: 'MNIST', zh: 'MNIST 手写数字' },
    abilities: [
      {
        en: 'train an MLP and a LeNet-5 on MNIST, and look at what they get wrong',
        zh: '在 MNIST 上训练 MLP 和 LeNet-5，并分析它们错在哪里',
      },
      {
        en: 'compare initialisations and learning rates over seeds, and say which differences are real',
        zh: '用多个随机种子比较初始化与学习率，并判断哪些差别是真实的',
      },
      {
        en: 'take gradients by the image: saliency, and adversarial examples',
        zh: '对图像求梯度：画显著图，做对抗样本',
      },
    ],
    minutes: 50,
  },
  {
    file: '08-curvature-and-optimizers',
    title: { en: 'Curvature and optimizers', zh: '曲率与优化器' },
    abilities: [
      {
        en: 'say from the curvature which learning rates are stable, and measure it on a network',
        zh: '由曲率说出哪些学习率稳定，并在网络上测出来',
      },
      {
        en: 'derive both forms of momentum and Nesterov’s, and say how the number of steps grows in a narrow valley',
        zh: '推导动量的两种写法与 Nesterov 动量，说明在狭长山谷里步数如何增长',
      },
      {
        en: 'choose between momentum, adaptive rates, clipping and normalisation by what each of them changes',
        zh: '根据各自改变了什么，在动量、自适应学习率、裁剪与归一化之间做选择',
      },
    ],
    minutes: 60,
  },
  {
    file: '09-training-tricks',
    title: { en: 'Training tricks', zh: '训练技巧' },
    abilities: [
      { en: 'choose a learning-rate schedule, and say what it is good for', zh: '选择学习率调度，并说出它好在哪里' },
      {
        en: 'match batch size and learning rate, and say where the linear scaling rule ends',
        zh: '让批量大小与学习率相配，并说出线性缩放法则在哪里失效',
      },
      {
        en: 'run a sweep on all cores that can be interrupted, and read its map',
        zh: '在所有核上跑一次可中断的参数扫描，并读懂结果图',
      },
      { en: 'find out from its statistics what is wrong with a training', zh: '从统计量找出一次训练的毛病' },
    ],
    minutes: 60,
  },
  {
    file: '10-write-your-own',
    title: { en: 'Write your own', zh: '自己动手写' },
    abilities: [
      {
        en: 'add a primitive, a layer and an optimizer, and have their derivatives checked',
        zh: '添加自己的基本运算、层和优化器，并检验它们的导数',
      },
      { en: 'say what a tape is, in thirty lines of code', zh: '用三十行代码说清楚什么是计算图' },
      { en: 'read what a compiled training step consists of', zh: '看懂编译后的训练步骤由什么组成' },
    ],
    minutes: 30,
  },
];
