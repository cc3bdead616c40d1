/** Gives one result after the other; may be called again before the last promise is kept. */
export interface Producer<Item> {
  next(): Promise<IteratorResult<Item, void>>;
  /** Called once, when no more is wanted. */
  stop(): Promise<void>;
}

/**
 * What a producer gives, in order, with `ahead` results on the way while the last one is being used. An error is thrown
 * in its turn: after the results that were asked for before.
 */
export async function* prefetched<Item>(producer: Producer<Item>, ahead: number): AsyncGenerator<Item, void> {
  const coming: Promise<IteratorResult<Item, void>>[] = [];
  const ask = (): void => {
    const result = producer.next();
    // It is awaited in its turn; until then nobody else must call it unhandled.
    result.catch(() => {});
    coming.push(result);
  };
  try {
    for (let i = 0; i < ahead; i++) ask();
    while (true) {
      ask();
      const result = await (coming.shift() as Promise<IteratorResult<Item, void>>);
      if (result.done) return;
      yield result.value;
    }
  } finally {
    await producer.stop();
  }
}
