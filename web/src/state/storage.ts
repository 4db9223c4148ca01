/** What is remembered under a name: `setItem` says whether it outlives the page. */
export interface Kept {
  getItem(key: string): string | null;
  setItem(key: string, text: string): boolean;
  removeItem(key: string): void;
}

/** Where the browser forbids storage (cookies that are blocked) or its room is full, the page remembers for itself. */
export function keptIn(storage: () => Storage): Kept {
  const own = new Map<string, string>();
  const ask = <T>(what: (storage: Storage) => T): T | undefined => {
    try {
      return what(storage());
    } catch {
      return undefined;
    }
  };
  return {
    getItem: (key) => own.get(key) ?? ask((there) => there.getItem(key)) ?? null,
    setItem(key, text) {
      own.delete(key);
      const isKept =
        ask((there) => {
          there.setItem(key, text);
          return true;
        }) ?? false;
      if (!isKept) own.set(key, text);
      return isKept;
    },
    removeItem(key) {
      own.delete(key);
      ask((there) => there.removeItem(key));
    },
  };
}

/** Of this browser, and of this tab only. */
export const browserStorage = keptIn(() => localStorage);
export const tabStorage = keptIn(() => sessionStorage);
