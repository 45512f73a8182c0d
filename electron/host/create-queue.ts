/** Does asynchronous steps one after the other, in the order in which they are given, however each ends. */
export function createQueue(): <Result>(step: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (step) => {
    const mine = last.then(step);
    last = mine.catch(ignore);
    return mine;
  };
}

function ignore(): void {}
