/** The work's result; or, when the signal fires first, its reason, after `onAbort`. The work itself goes on. */
export async function unlessAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  onAbort: () => Promise<void> = async () => {},
): Promise<T> {
  if (signal === undefined) return work;
  work.catch(() => {});
  if (!signal.aborted) {
    const { promise, reject } = Promise.withResolvers<never>();
    const listener = (): void => reject(signal.reason);
    signal.addEventListener("abort", listener, { once: true });
    try {
      return await Promise.race([work, promise]);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener("abort", listener);
    }
  }
  await onAbort();
  throw signal.reason;
}
