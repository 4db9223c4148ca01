import { browserStorage } from "../state/storage.ts";

type Choice = "system" | "light" | "dark";

const key = "daggr-theme";

/** Dark or light: the system's, until somebody chooses. */
class Theme {
  choice = $state<Choice>(read());
  #systemIsDark = $state(matchMedia("(prefers-color-scheme: dark)").matches);
  readonly isDark = $derived(this.choice === "system" ? this.#systemIsDark : this.choice === "dark");

  constructor() {
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => {
      this.#systemIsDark = event.matches;
      this.apply();
    });
    this.apply();
  }

  toggle(): void {
    const next = this.isDark ? "light" : "dark";
    const isSystem = (next === "dark") === this.#systemIsDark;
    this.choice = isSystem ? "system" : next;
    if (isSystem) browserStorage.removeItem(key);
    else browserStorage.setItem(key, next);
    this.apply();
  }

  apply(): void {
    document.documentElement.classList.toggle("dark", this.isDark);
  }
}

function read(): Choice {
  const stored = browserStorage.getItem(key);
  return stored === "dark" || stored === "light" ? stored : "system";
}

export const theme = new Theme();
