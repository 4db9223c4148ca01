import { existsSync, readFileSync } from "node:fs";
import * as gr from "../../../src/components/gr.ts";
import { buildDefinition } from "../../../src/graph/build-definition.ts";
import type { GraphDefinition } from "../../../src/graph/definition.ts";
import { oneOf } from "../../../src/nodes/choice-node.ts";
import { FnNode } from "../../../src/nodes/fn-node.ts";
import type { RunContext } from "../../../src/nodes/fn-options.ts";

const choices = ["a", "b"] as const;

/** One input of every component. */
export const components = {
  textbox: gr.Textbox(),
  textarea: gr.TextArea(),
  text: gr.Text(),
  code: gr.Code(),
  markdown: gr.Markdown(),
  html: gr.HTML(),
  colorpicker: gr.ColorPicker(),
  datetime: gr.DateTime(),
  number: gr.Number(),
  slider: gr.Slider({ minimum: 0, maximum: 10 }),
  checkbox: gr.Checkbox(),
  dropdown: gr.Dropdown({ choices }),
  radio: gr.Radio({ choices }),
  checkboxgroup: gr.CheckboxGroup({ choices }),
  image: gr.Image(),
  imageeditor: gr.ImageEditor(),
  audio: gr.Audio(),
  video: gr.Video(),
  file: gr.File(),
  files: gr.File({ fileCount: "multiple" }),
  model3d: gr.Model3D(),
  imageslider: gr.ImageSlider(),
  gallery: gr.Gallery(),
  json: gr.JSON(),
  label: gr.Label(),
  highlightedtext: gr.HighlightedText(),
  dataframe: gr.Dataframe(),
  chatbot: gr.Chatbot(),
  plot: gr.Plot(),
  itemlist: gr.ItemList({ name: gr.Textbox(), picture: gr.Image() }),
};

/**
 * A graph that does what a careless person would write: it reads every file it is given, says everything it got, and
 * throws and logs its secret.
 */
export function hostileGraph(secret: string): GraphDefinition {
  const every = new FnNode<any, any, any>(
    (
      {
        textbox = "",
        textarea = "",
        text = "",
        code = "",
        markdown = "",
        html = "",
        colorpicker = "",
        datetime = "",
        number = 0,
        slider = 0,
        checkbox = false,
        dropdown = "",
        radio = "",
        checkboxgroup = [],
        image = "",
        imageeditor = "",
        audio = "",
        video = "",
        file = "",
        files = [],
        model3d = "",
        imageslider = [],
        gallery = [],
        json = null,
        label = {},
        highlightedtext = [],
        dataframe = {},
        chatbot = [],
        plot = {},
        itemlist = [],
      }: any,
      { log }: RunContext,
    ) => {
      log(`the token is ${secret}`);
      if (textbox === "fail") throw new Error(`no luck with ${secret} in ${import.meta.filename}`);
      const paths = [
        image,
        imageeditor,
        audio,
        video,
        file,
        model3d,
        ...files,
        ...imageslider,
        ...gallery.map((item: any) => item.image),
        ...itemlist.map((item: any) => item.picture),
      ];
      const read = paths
        .filter((path) => typeof path === "string" && existsSync(path))
        .map((path) => readFileSync(path, "utf8").slice(0, 200));
      return {
        out: JSON.stringify([
          secret,
          textbox,
          textarea,
          text,
          code,
          markdown,
          html,
          colorpicker,
          datetime,
          number,
          slider,
          checkbox,
          dropdown,
          radio,
          checkboxgroup,
          json,
          label,
          highlightedtext,
          dataframe,
          chatbot,
          plot,
          read,
        ]),
        picture: null,
      };
    },
    {
      name: "every",
      inputs: components as never,
      outputs: { out: gr.Textbox(), picture: gr.Image() } as never,
    },
  ) as unknown as { out: never };
  const plain = new FnNode(({ text }: { text: string }) => text, {
    name: "plain",
    inputs: { text: every.out },
    outputs: { said: gr.Textbox() },
  });
  const loud = new FnNode(({ text, more }: { text: string; more: string }) => text + more, {
    name: "loud",
    inputs: { text: every.out, more: gr.Textbox({ value: "!" }) },
    outputs: { said: gr.Textbox() },
  });
  const pick = oneOf(plain, loud, { name: "pick" } as never) as unknown as never;
  return buildDefinition({
    name: "Hostile",
    persistKey: "hostile",
    nodes: [every as never, pick],
    edges: [],
  });
}
