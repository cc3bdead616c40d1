import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';
import { grad, Parameter, type Tensor, tensor, zeros } from '../index.ts';
import { vectorSupport } from '../kernels/wasm/vector-support.ts';
import { compile } from './compile.ts';
import { compiledMemory } from './compiled-memory.ts';

vi.mock('../kernels/wasm/vector-support.ts', { spy: true });

let warn: MockInstance<typeof console.warn>;
beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.mocked(vectorSupport).mockReset();
});

/** Counts with a parameter, so that a run too many would be seen; gives what five calls return, and the gradients. */
function counted(size = 2): unknown[] {
  const count = new Parameter(tensor(0));
  const f = compile((x: Tensor) => {
    count.assign(count.add(1));
    return x.mul(count.detach()).sum();
  });
  const x = zeros([size]).add(1);
  const results = Array.from({ length: 5 }, () => [f(x).item(), grad(f)(x).sum().item()]);
  return [results, count.value.item(), f.statistics.programs];
}
const eager = (size: number): unknown[] => [
  Array.from({ length: 5 }, (_, i) => [size * (2 * i + 1), size * (2 * i + 2)]),
  10,
  0,
];

describe('where no program can be made, the function runs eagerly, after one warning', () => {
  test('without vectors in WebAssembly', () => {
    vi.mocked(vectorSupport).mockReturnValue(undefined);
    expect(counted()).toEqual(eager(2));
    expect(warn.mock.calls.map(([text]) => String(text))).toEqual([expect.stringContaining('without vectors')]);
  });

  test('where a content policy forbids WebAssembly', () => {
    vi.spyOn(WebAssembly, 'Module').mockImplementation(function refuse() {
      throw new WebAssembly.CompileError("Refused to compile because 'unsafe-eval' is not allowed");
    });
    expect(counted()).toEqual(eager(2));
    expect(warn.mock.calls.map(([text]) => String(text))).toEqual([expect.stringContaining('unsafe-eval')]);
  });

  test('where the memory cannot grow', () => {
    vi.spyOn(compiledMemory().memory, 'grow').mockImplementation(() => {
      throw new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded');
    });
    const { allocatedBytes } = compiledMemory();
    const size = 2 ** 20;
    expect(counted(size)).toEqual(eager(size));
    expect(warn.mock.calls.map(([text]) => String(text))).toEqual([expect.stringContaining('use smaller batches')]);
    // The parameter has a place in the memory from now on.
    expect(compiledMemory().allocatedBytes).toBeLessThanOrEqual(allocatedBytes + 64);
  });

  test('and compiled, without a warning, where nothing is in the way', () => {
    const [results, count, programs] = counted();
    expect([results, count, programs]).toEqual([...eager(2).slice(0, 2), 2]);
    expect(warn).not.toHaveBeenCalled();
  });
});

test.each([new TypeError('a mistake'), new ReferenceError('x is not defined'), new RangeError('Invalid array length')])(
  'a mistake is not hidden: %s',
  (mistake) => {
    vi.mocked(vectorSupport).mockImplementation(() => {
      throw mistake;
    });
    expect(() => compile((x: Tensor) => x.mul(2).exp())(tensor([1]))).toThrow(mistake);
    expect(warn).not.toHaveBeenCalled();
  },
);

test('a runtime without WebAssembly runs eagerly', () => {
  vi.spyOn(WebAssembly, 'Module').mockImplementation(function missing() {
    throw new ReferenceError('WebAssembly is not defined');
  });
  expect(counted()).toEqual(eager(2));
  expect(warn).toHaveBeenCalledTimes(1);
});
