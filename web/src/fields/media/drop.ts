/** Takes every file that is dropped on the element (folders with all that is in them) or pasted while it has the focus. */
export function acceptMany(element: HTMLElement, take: (files: File[]) => void): void {
  element.addEventListener("dragover", (event) => {
    event.preventDefault();
    element.classList.add("is-over");
  });
  element.addEventListener("dragleave", () => element.classList.remove("is-over"));
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    element.classList.remove("is-over");
    // The list is gone as soon as this event is over: entries are taken from it at once.
    const entries = [...(event.dataTransfer?.items ?? [])].flatMap((item) => item.webkitGetAsEntry() ?? []);
    if (entries.some((entry) => entry.isDirectory)) void inside(entries).then(take);
    else take([...(event.dataTransfer?.files ?? [])]);
  });
  element.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    take(files);
  });
}

async function inside(entries: readonly FileSystemEntry[]): Promise<File[]> {
  const lists = await Promise.all(
    entries.map(async (entry): Promise<File[]> => {
      if (entry.isFile)
        return [
          await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
        ];
      return inside(await entriesOf((entry as FileSystemDirectoryEntry).createReader()));
    }),
  );
  return lists.flat();
}

/** A reader gives a hundred at a time, then none. */
async function entriesOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}
