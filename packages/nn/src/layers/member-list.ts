import { GradtapeError } from '@gradtape/autograd';
import { Module } from '../module.ts';
import { numbered } from './numbered.ts';

/** What belongs to a module by number: `list[0]`, `for (const member of list)`. */
export abstract class MemberList<Member> extends Module {
  [index: number]: Member;

  constructor(members: Iterable<Member> = []) {
    super();
    for (const member of members) this.append(member);
  }

  get length(): number {
    return [...this].length;
  }

  [Symbol.iterator](): Iterator<Member> {
    return numbered(this);
  }

  append(member: Member): this {
    this[this.length] = member;
    return this;
  }

  /** @throws GradtapeError always: a list does not say how its members are used. */
  forward(): never {
    const { name } = this.constructor;
    throw new GradtapeError(`forward: a ${name} computes nothing`, {
      got: 'list.forward(…)',
      needs: 'a module that says how the members are used',
      fix: 'use its members one by one; Sequential runs modules one after the other',
    });
  }
}
