import { FnNode, GradioNode, Graph, gr, InputNode, oneOf } from "daggr";

/** Every kind of card that daggr has. */
export function everythingGraph(url: string): Graph {
  const hero = new InputNode({
    name: "hero",
    ports: { hero: gr.Textbox({ label: "Hero", value: "squid" }) },
  });
  const picture = new GradioNode(url, {
    name: "picture",
    apiName: "/picture",
    inputs: { width: 24, height: 16 },
    outputs: { image: gr.Image({ label: "Picture" }) },
  });
  const write = new FnNode(
    async ({ words }: { words: string }, { progress }) => {
      progress(0.5, "Thinking");
      await new Promise((resolve) => setTimeout(resolve, 400));
      return words.split(/\s+/);
    },
    {
      name: "write",
      inputs: { words: gr.Textbox({ label: "Words", lines: 3, maxLines: 3, value: "one two" }) },
      outputs: { list: gr.JSON<string[]>({ label: "Words" }) },
    },
  );
  const spell = new FnNode(({ word }: { word: string }) => word.split("").join("-"), {
    name: "spell",
    inputs: { word: write.list.each },
    outputs: { spelled: gr.Textbox({ label: "Spelled" }) },
  });
  const together = new FnNode(({ all }: { all: string[] }) => all.join(" "), {
    name: "together",
    inputs: { all: spell.spelled.all() },
    outputs: { sentence: gr.Textbox({ label: "Together" }) },
  });
  const pitched = (name: string, value: number) =>
    new FnNode(({ text, pitch }: { text: string; pitch: number }) => `${text} at ${pitch}`, {
      name,
      inputs: { text: hero.hero, pitch: gr.Number({ label: `Pitch, ${name}`, value }) },
      outputs: { said: gr.Textbox({ label: "Said" }) },
    });
  const voice = oneOf(pitched("low", 1), pitched("high", 2), { name: "voice" });
  const broken = new FnNode(
    (): string => {
      throw new Error("It is Monday");
    },
    { name: "broken", outputs: { never: gr.Textbox({ label: "Never" }) } },
  );
  const wait = new FnNode(
    (_: object, { signal }) =>
      new Promise<string>((_resolve, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason as Error)),
      ),
    { name: "wait", outputs: { done: gr.Textbox() } },
  );
  const shots = new FnNode(({ list }: { list: { scene: string }[] }) => list.length, {
    name: "shots",
    inputs: {
      list: gr.ItemList(
        { scene: gr.Textbox({ label: "Scene" }) },
        { label: "Shots", value: [{ scene: "sea" }, { scene: "sky" }] },
      ),
    },
    outputs: { count: gr.Number({ label: "Count" }) },
  });
  const read = new FnNode(({ file }: { file: string }) => file.length, {
    name: "read",
    inputs: { file: gr.File({ label: "Notes" }) },
    outputs: { length: gr.Number({ label: "Length" }) },
  });
  return new Graph({ name: "Everything", nodes: [together, picture, voice, broken, wait, shots, read] });
}
