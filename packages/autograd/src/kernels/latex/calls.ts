import type { Call, Expression } from './expression.ts';

/** `name(operand, …)`, entry by entry. */
export function entrywise(name: string, ...operands: Expression[]): Expression {
  return enclosed(`${name}(`, operands, ')');
}

/** `open operand, … close`, entry by entry. */
export function enclosed(open: string, operands: readonly Expression[], close: string): Expression {
  const single = operands.every((operand) => operand.single);
  return { kind: 'call', open, close, separator: ', ', operands, reading: 'entrywise', single };
}

/** A function of each row, column or the like. */
export function along(name: string, operand: Expression, dims: readonly number[]): Expression {
  return {
    kind: 'call',
    open: `${name}(`,
    close: ')',
    separator: ', ',
    operands: [operand],
    reading: dims,
    single: false,
  };
}

/** A function of tensors as wholes. */
export function whole(open: string, operands: readonly Expression[], close: string, separator = ', '): Expression {
  return { kind: 'call', open, close, separator, operands, reading: 'whole', single: false };
}

/** What an entrywise function of this form is applied to, if an expression is one. */
export function operandOf(e: Expression, open: string): Expression | undefined {
  return e.kind === 'call' && e.open === open ? (e as Call).operands[0] : undefined;
}
