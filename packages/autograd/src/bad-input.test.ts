// What people get wrong, and what they are told: every message read as its reader would.
import {
  concat,
  crossEntropy,
  gather,
  matmul,
  mean,
  noGrad,
  Parameter,
  permute,
  reshape,
  sum,
  type Tensor,
  tensor,
  where,
  zeros,
} from '@gradtape/autograd';
import { expect, test } from 'vitest';

function message(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

const matrix: Tensor = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);

test('shapes that do not broadcast', () => {
  expect(message(() => matrix.add(zeros([2, 2])))).toMatchInlineSnapshot(`
    "add: the shapes do not broadcast
      got:   [2, 3] with [2, 2]: 3 against 2 in dim -1
      needs: sizes that, counted from the last dim, are equal or one of them 1
      fix:   reshape, transpose or unsqueeze one operand so that the dims that belong together line up"
  `);
});

test('shapes that do not multiply', () => {
  expect(message(() => matmul(matrix, zeros([2, 3])))).toMatchInlineSnapshot(`
    "matmul: the inner sizes differ
      got:   [2, 3] times [2, 3]
      needs: the last size of the first (3) to equal the second to last size of the second (2)
      fix:   b is the other way round: a.matmul(b.t())"
  `);
  expect(message(() => matmul(zeros([4, 2, 3]), zeros([5, 3, 2])))).toMatchInlineSnapshot(`
    "matmul of [4, 2, 3] times [5, 3, 2], leading dims: the shapes do not broadcast
      got:   [4] with [5]: 4 against 5 in dim -1
      needs: sizes that, counted from the last dim, are equal or one of them 1
      fix:   reshape, transpose or unsqueeze one operand so that the dims that belong together line up"
  `);
});

test('ragged nested arrays', () => {
  expect(message(() => tensor([[1, 2], [3]]))).toMatchInlineSnapshot(`
    "tensor: the nested arrays are ragged
      got:   an array of 1 as data[1]
      needs: an array of 2 there, as in the first row
      fix:   give every row of one level the same length; pad shorter rows"
  `);
  expect(message(() => tensor([1, 'two' as never]))).toMatchInlineSnapshot(`
    "tensor: an entry is not a number
      got:   a string as data[1]
      needs: numbers or booleans, in nested arrays
      fix:   convert the data first; missing values can be NaN"
  `);
});

test('a dim out of range, or named twice', () => {
  expect(message(() => sum(matrix as Tensor, 2))).toMatchInlineSnapshot(`
    "sum: dim out of range
      got:   dim 2 for a tensor of 2 dims
      needs: a whole number from -2 to 1
      fix:   count dims from 0, or from the end with -1; print x.shape to see them"
  `);
  expect(message(() => sum(matrix, [0, -2]))).toMatchInlineSnapshot(`
    "sum: a dim is named twice
      got:   dims [0, -2]
      needs: each dim at most once
      fix:   remove the repetition; -1 names the last dim"
  `);
  expect(message(() => permute(matrix, [0, 0]))).toMatchInlineSnapshot(`
    "permute: not an order of the dims
      got:   [0, 0] for shape [2, 3]
      needs: each of the 2 dims once
      fix:   name every dim; use transpose(i, j) to swap two"
  `);
});

test('an index out of range', () => {
  const index = tensor([[0, 3, 1]], { dtype: 'int32' });
  expect(message(() => gather(matrix, 0, index))).toMatchInlineSnapshot(`
    "gather: an index is out of range
      got:   index 3 of dim 0, which has size 2
      needs: 0 to 1
      fix:   check which dim the indices count, and that they count from 0"
  `);
  expect(message(() => matrix.select(1, 5))).toMatchInlineSnapshot(`
    "select: index out of range
      got:   index 5 of dim 1, which has size 3
      needs: -3 to 2
      fix:   check which dim the index counts"
  `);
  expect(message(() => crossEntropy(matrix, tensor([0, 3], { dtype: 'int32' })))).toMatchInlineSnapshot(`
    "crossEntropy: a label is out of range
      got:   label 3 (entry 1 of the target) for 3 classes
      needs: labels 0 to 2
      fix:   count the classes from 0, or give the last layer one more output"
  `);
});

test('sizes that do not fit', () => {
  expect(message(() => reshape(matrix, [4, -1]))).toMatchInlineSnapshot(`
    "reshape: the shape does not hold the entries
      got:   [2, 3] (6 entries) to [4, -1]
      needs: sizes beside the one -1 whose product divides 6
      fix:   use -1 for the one size that should follow from the others"
  `);
  expect(message(() => concat([matrix, zeros([2, 2])], 0))).toMatchInlineSnapshot(`
    "concat: the shapes do not fit
      got:   [2, 3], [2, 2] along dim 0
      needs: at least one dim, and equal sizes in every dim but that one
      fix:   use stack to join along a new dim"
  `);
});

test('dtypes where PyTorch refuses', () => {
  expect(message(() => matmul(matrix, zeros([3, 2], { dtype: 'float64' })))).toMatchInlineSnapshot(`
    "matmul: the dtypes differ
      got:   float32 times float64
      needs: one dtype
      fix:   convert one operand: x.to('float64')"
  `);
  expect(message(() => mean(tensor([1, 2], { dtype: 'int32' })))).toMatchInlineSnapshot(`
    "mean: not defined for whole numbers
      got:   dtype int32
      needs: float32 or float64
      fix:   convert first: x.to('float32')"
  `);
  expect(message(() => where(matrix, 1, 0))).toMatchInlineSnapshot(`
    "where: the condition is not a truth value
      got:   dtype float32
      needs: dtype bool
      fix:   compare first: where(x.gt(0), a, b)"
  `);
  expect(message(() => tensor([1], { dtype: 'int32', requiresGrad: true }))).toMatchInlineSnapshot(`
    "requiresGrad: no derivatives for dtype int32
      got:   a tensor of dtype int32
      needs: float32 or float64
      fix:   convert it first: x.to('float32')"
  `);
});

test('backward of several numbers, without a tape, or twice', () => {
  const x = tensor([1, 2], { requiresGrad: true });
  expect(message(() => x.mul(2).backward())).toMatchInlineSnapshot(`
    "backward: the output is not a single number
      got:   shape [2]
      needs: one entry, or a gradient to start from
      fix:   reduce it first (loss.mean().backward()), or pass the cotangent: y.backward(onesLike(y))"
  `);
  expect(message(() => tensor(1).backward())).toMatchInlineSnapshot(`
    "backward: the tensor is not on a tape
      got:   a tensor of shape [] that nothing recorded
      needs: a result computed from a Parameter or from a tensor with requiresGrad
      fix:   create the inputs with { requiresGrad: true }, and compute outside of noGrad and without detach"
  `);
  expect(message(() => noGrad(() => x.sum()).backward())).toMatchInlineSnapshot(`
    "backward: the tensor is not on a tape
      got:   a tensor of shape [] that nothing recorded
      needs: a result computed from a Parameter or from a tensor with requiresGrad
      fix:   create the inputs with { requiresGrad: true }, and compute outside of noGrad and without detach"
  `);
  expect(message(() => x.sum().backward(tensor([1, 2])))).toMatchInlineSnapshot(`
    "backward: the gradient does not fit the output
      got:   [2] float32
      needs: the output's own: [] float32
      fix:   reshape, expand or convert the gradient"
  `);
  const loss = x.mul(x).sum();
  loss.backward();
  const collected = x.grad?.toArray();
  expect(message(() => loss.backward())).toMatchInlineSnapshot(`
    "backward: the tape was freed by an earlier backward
      got:   another derivative through the same operations
      needs: a tape that was kept, or a new forward pass
      fix:   call the first with { retainGraph: true }, or compute the output again"
  `);
  expect(x.grad?.toArray()).toEqual(collected);
});

test('a parameter that is given something else', () => {
  const parameter = new Parameter(tensor([1, 2]));
  expect(message(() => parameter.assign(zeros([3])))).toMatchInlineSnapshot(`
    "assign: not the shape and dtype of the parameter
      got:   [3] float32
      needs: [2] float32
      fix:   reshape or convert the tensor, or make a new Parameter"
  `);
  expect(parameter.toArray()).toEqual([1, 2]);
});

test('operators of JavaScript', () => {
  expect(message(() => (matrix as never as number) + 1)).toMatchInlineSnapshot(`
    "tensor: an operator of JavaScript was used on a tensor
      got:   something like x + 1, x * 2, x < y or +x
      needs: a method or a function: JavaScript cannot overload operators
      fix:   write x.add(1), x.mul(2), x.lt(y); x.item() reads the one entry of a tensor as a number"
  `);
  expect(message(() => (matrix as never as number) < 1)).toBe(message(() => (matrix as never as number) * 2));
  expect(`${tensor([1, 2])}`).toBe('tensor([1., 2.], shape=[2])');
});

test('more than one entry read as one', () => {
  expect(message(() => matrix.item())).toMatchInlineSnapshot(`
    "item: the tensor has not exactly one entry
      got:   shape [2, 3]
      needs: one entry
      fix:   reduce it first (.sum(), .mean()), or read all entries with .toArray()"
  `);
});
