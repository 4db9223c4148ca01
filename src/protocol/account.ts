/** How whoever looks at the page stands with Hugging Face. No token is in it. */
export interface AccountView {
  /** `machine`: everybody here is the person whose machine it is. `space`: everybody is somebody else. */
  readonly at: "machine" | "space";
  readonly user?: { readonly name: string; readonly fullName?: string };
  /** Where the machine's token comes from, in words: `HF_TOKEN`, a file. */
  readonly from?: string;
  readonly problem?: { readonly code: string; readonly text: string; readonly advice: string };
  /** Ways to log in from here. */
  readonly login: readonly ("device" | "paste" | "oauth")[];
  /** Whether logging out here ends it. */
  readonly canLogOut: boolean;
  /** `false`: what is made here is gone with the visit. */
  readonly isKept: boolean;
  /** `false`: the browser keeps no cookie for this page, so that it is a new visitor with every request. */
  readonly hasCookie?: boolean;
  /** When the login ends, in milliseconds since 1970. */
  readonly expiresAt?: number;
}

/** A login by code: what a page shows while it waits. */
export interface DeviceLogin {
  readonly id: string;
  readonly state: "waiting" | "done" | "failed";
  readonly userCode: string;
  readonly url: string;
  readonly expiresAt: number;
  /** Why it failed. */
  readonly problem?: { readonly code: string; readonly text: string };
}
