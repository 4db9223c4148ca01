import type { ShareView } from "../../../src/protocol/share.ts";

class Shared {
  /** How sharing stands; `null` where nothing was ever shared. */
  status = $state.raw<ShareView["status"] | null>(null);
}

export const shared = new Shared();
