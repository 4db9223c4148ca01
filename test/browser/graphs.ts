/** Small graphs for the canvas's tests. */
import { FnNode, Graph, gr } from "daggr";

/** topic -> write -> shout: each step says what it was given. */
export function storyGraph(): Graph {
  const write = new FnNode(({ topic }: { topic: string }) => `About ${topic}.`, {
    name: "write",
    inputs: { topic: gr.Textbox({ label: "Topic", value: "squid" }) },
    outputs: { text: gr.Textbox({ label: "Text" }) },
  });
  const shout = new FnNode(({ text }: { text: string }) => text.toUpperCase(), {
    name: "shout",
    inputs: { text: write.text },
    outputs: { loud: gr.Textbox({ label: "Loud" }) },
  });
  return new Graph({ name: "Story", nodes: [shout] });
}

/** words -> each word spelled -> all of them in a sentence; the word "bad" fails until `mended`. Returns the last. */
export function itemSteps(state: { mended: boolean }) {
  const words = new FnNode(({ text }: { text: string }) => text.split(" "), {
    name: "words",
    inputs: { text: gr.Textbox({ label: "Sentence", value: "one bad apple" }) },
    outputs: { list: gr.JSON<string[]>({ label: "Words" }) },
  });
  const spell = new FnNode(
    ({ word }: { word: string }) => {
      if (word === "bad" && !state.mended) throw new Error("cannot spell it");
      return word.split("").join("-");
    },
    {
      name: "spell",
      inputs: { word: words.list.each },
      outputs: { spelled: gr.Textbox({ label: "Spelled" }) },
    },
  );
  return new FnNode(({ all }: { all: string[] }) => all.join(" "), {
    name: "together",
    inputs: { all: spell.spelled.all() },
    outputs: { sentence: gr.Textbox({ label: "Together" }) },
  });
}

export function itemsGraph(state: { mended: boolean }): Graph {
  return new Graph({ name: "Items", nodes: [itemSteps(state)] });
}

/** A step that works until it is stopped. */
export function slowGraph(): Graph {
  const wait = new FnNode(
    ({ ms }: { ms: number }, { signal, progress }) =>
      new Promise<string>((resolve, reject) => {
        const started = Date.now();
        const timer = setInterval(() => {
          progress(Math.min(1, (Date.now() - started) / ms), "Waiting");
          if (Date.now() - started < ms) return;
          clearInterval(timer);
          resolve("waited");
        }, 50);
        signal.addEventListener("abort", () => {
          clearInterval(timer);
          reject(signal.reason as Error);
        });
      }),
    {
      name: "wait",
      inputs: { ms: gr.Number({ label: "Milliseconds", value: 60_000 }) },
      outputs: { done: gr.Textbox() },
    },
  );
  return new Graph({ name: "Slow", nodes: [wait] });
}
