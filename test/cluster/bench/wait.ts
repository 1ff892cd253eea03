export const sleep = (seconds: number) => new Promise<void>(resolve => setTimeout(resolve, seconds * 1000));

/** Asks until the answer is not undefined; fails, saying what it waited for, when the time is up. */
export async function until<T>(what: string, seconds: number, ask: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const end = Date.now() + seconds * 1000;
  let reason = '';
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined) {
        return answer;
      }
    } catch (error) {
      reason = `: ${(error as Error).message}`;
    }
    await sleep(0.1);
  }
  throw new Error(`not within ${seconds} s: ${what}${reason}`);
}
