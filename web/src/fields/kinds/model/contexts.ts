/**
 * Browsers allow about 16 WebGL pictures on a page and take the oldest away without asking. We keep fewer, and
 * take away what is out of sight first.
 */
interface Holder {
  readonly isInSight: () => boolean;
  release(): void;
}

const most = 8;
const holders = new Set<Holder>();

/** Whether one more may be made without taking another away that somebody sees. */
export function hasRoom(): boolean {
  return holders.size < most || [...holders].some((holder) => !holder.isInSight());
}

export function enter(holder: Holder): void {
  while (holders.size >= most) {
    const oldest = [...holders].find((other) => !other.isInSight()) ?? [...holders][0]!;
    holders.delete(oldest);
    oldest.release();
  }
  holders.add(holder);
}

export function leave(holder: Holder): void {
  holders.delete(holder);
}

let support: boolean | undefined;

export function hasWebGl(): boolean {
  support ??= (() => {
    const gl = document.createElement("canvas").getContext("webgl2");
    gl?.getExtension("WEBGL_lose_context")?.loseContext();
    return gl !== null;
  })();
  return support;
}
