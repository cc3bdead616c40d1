/** What the page of the course says before it lists the notebooks. */
export const introduction = {
  en: `
# Backpropagation, derived, checked and drawn

*[中文](README.zh.md)*

Ten notebooks on the way from a single neuron to networks that train well. Every formula is derived, then checked against
the tape, then broken on purpose, so that you see what a mistake looks like. Every claim is measured when the notebook runs:
a line that begins with ✓ has just held on this machine.

To run them, clone the repository and type

\`\`\`sh
npx --yes pnpm@12 notebooks:kernel
\`\`\`

once. It installs what the notebooks need and tells Jupyter of a kernel for TypeScript. Then open any \`.ipynb\` here in VS Code
(with its Jupyter extension) or in Jupyter, choose the kernel *gradtape (TypeScript)*, and run all cells. Change one and run
it again: the later cells follow.

The text of a notebook stands beside its code in \`source/\`: \`npx --yes pnpm@12 notebooks 03\` executes that source from a fresh
kernel and writes the third notebook in both languages. [docs/documents.md](../../docs/documents.md) lists what the course
notes state, and the cell that shows it.
`,
  zh: `
# 反向传播：推导、检验、绘图

*[English](README.md)*

十本笔记，从单个神经元一直走到训练得好的网络。每个公式先推导，再用计算图（tape）检验，然后故意改错，看看错误是什么样子。
每个论断都在笔记运行时测量：以 ✓ 开头的一行，就是刚刚在这台机器上成立的结论。

要运行这些笔记，先克隆仓库，然后执行一次

\`\`\`sh
npx --yes pnpm@12 notebooks:kernel
\`\`\`

它会安装所需的依赖，并向 Jupyter 注册一个 TypeScript 内核。之后用 VS Code（装有 Jupyter 扩展）或 Jupyter 打开这里的任意
\`.ipynb\`，选择内核 *gradtape (TypeScript)*，运行全部单元格。改动一个单元格再运行，后面的结果随之改变。

笔记的文字与代码都在 \`source/\` 中：\`npx --yes pnpm@12 notebooks 03\` 会用全新的内核执行第三份源文件，并写出两种语言的笔记。
[docs/documents.md](../../docs/documents.md) 列出课程讲义中的每一项内容，以及展示它的单元格。
`,
} as const;
