// What a function is given of a drawn image depends on what the component was asked for.
import { type EditorValue, FnNode, gr, InputNode, type Port } from "daggr";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Expect<T extends true> = T;

const drawn = new InputNode({
  ports: {
    whole: gr.ImageEditor({ brush: { colors: ["#f00"], defaultSize: 8 }, canvasSize: [512, 512] }),
    parts: gr.ImageEditor({ withLayers: true, eraser: false }),
  },
});
export type Whole = Expect<Equal<typeof drawn.whole, Port<string>>>;
export type Parts = Expect<Equal<typeof drawn.parts, Port<EditorValue>>>;

new FnNode(({ parts }: { parts: EditorValue }) => `${parts.layers.length} ${parts.background?.length}`, {
  inputs: { parts: drawn.parts },
  outputs: { text: gr.Textbox() },
});

const takesPath = ({ parts }: { parts: string }) => parts;
new FnNode(takesPath, {
  // A path is no record of the parts.
  // @ts-expect-error
  inputs: { parts: drawn.parts },
  outputs: { text: gr.Textbox() },
});
// @ts-expect-error
gr.ImageEditor({ canvasSize: 512 });
