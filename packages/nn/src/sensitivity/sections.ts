// Where the document states its rules: the part, and the heading of the section up to its dash or bracket.

export const perceptron = '感知机 二、感知机（Perceptron）回顾';
export const adaline = '感知机 三、ADALINE 回顾';
export const xor = '感知机 四、用 ADALINE 解决异或（XOR）问题';
export const limits = '感知机 五、局限与启示';
export const neuron = '多层感知机 二、前向传播（逐神经元公式）';
export const activations = '多层感知机 三、激活函数';
export const vectorForward = '多层感知机 四、向量形式的前向计算';
export const chainRule = '反向传播 一、反向计算的核心思想';
export const losses = '反向传播 二、反向传播中的损失函数与参数更新';
export const sensitivity = '反向传播 三、梯度（Gradient）与“局部敏感度（local sensitivity）”';
export const squaredErrorLayer = '反向传播 四、均方误差（MSE）层的局部敏感度';
export const softmaxLayer = '反向传播 五、回顾：Softmax 层的局部敏感度（配交叉熵）';
export const otherLayers = '反向传播 六、其它层的局部敏感度';
export const vectorBackward = '反向传播 七、向量形式的反向传播（批量）';
export const layers = '层分解（Layer Decomposition）';
export const flexible = '层分解 二、更灵活的方式';
export const pitfalls = '层分解 三、问题';
export const answers = '层分解 八、参考答案';
export const overview = '层分解 九、向量形式的反向传播（总览小抄）';
export const initialization = '训练技巧 一、参数初始化';
export const learningRate = '训练技巧 二、学习率';
export const momentum = '训练技巧 五、动量（Momentum）';
