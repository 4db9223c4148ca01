/** What lies above the page: at most one of each. */
class Overlay {
  closer = $state.raw<{
    kind: string;
    label: string;
    value: unknown;
    props: Readonly<Record<string, unknown>>;
    /** Which of several pictures to begin with. */
    at?: number;
  } | null>(null);
  isSearchOpen = $state(false);
  /** The card that a search or a link jumped to. */
  jump = $state.raw<{ card: string } | null>(null);
}

export const overlay = new Overlay();
