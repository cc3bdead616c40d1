import { expect, test } from 'vitest';
import { valueType } from './assembler.ts';
import { FunctionBody, read } from './function-body.ts';

test('one scope after the other has the same locals, one inside the other has its own', () => {
  const body = new FunctionBody(2);
  const taken: number[] = [];
  const take = (type: typeof valueType.i32 | typeof valueType.v128): void => {
    taken.push(body.local(type));
  };
  take(valueType.i32);
  body.scope(() => {
    take(valueType.i32);
    body.scope(() => take(valueType.v128));
    body.scope(() => take(valueType.v128));
    take(valueType.i32);
  });
  body.scope(() => {
    take(valueType.i32);
    take(valueType.v128);
  });
  expect(taken).toEqual([2, 3, 4, 4, 5, 3, 4]);
  expect(body.finish('f').locals).toEqual([valueType.i32, valueType.i32, valueType.v128, valueType.i32]);
});

test('a constant is set once, before all else, in a local that nothing else has used', () => {
  const body = new FunctionBody(0);
  body.scope(() => body.set(body.local(valueType.v128), []));
  expect(body.constant('pi', () => [314])).toEqual(read(1));
  expect(body.constant('pi', () => [315])).toEqual(read(1));
  const { body: code } = body.finish('f');
  expect(JSON.stringify(code).match(/31./g)).toEqual(['314']);
  expect(JSON.stringify(code).indexOf('314')).toBeLessThan(JSON.stringify(code).indexOf('33,[0]'));
});
