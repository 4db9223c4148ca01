// What `daggr add` would write for three made-up apps; the tests of this folder are checked against it.
import type { Picture } from "daggr";

declare module "daggr" {
  interface Spaces {
    /** Commit 0123456789abcdef0123456789abcdef01234567. */
    "ada/painter": {
      "/paint": {
        inputs: {
          /** Prompt (Textbox) */
          prompt: string;
          /** Image (Image) */
          image: string | null;
          /** Style (Radio). Default: "oil" */
          style?: "oil" | "ink" | null;
          /** Tags (CheckboxGroup). Default: [] */
          tags?: ("warm" | "cold")[];
          /** Font (Dropdown). Default: "serif" */
          font?: "serif" | "mono" | (string & {}) | null;
          /** Steps (Slider, 1 to 50). Default: 20 */
          steps?: number;
          /** Extra (JSON). Default: {} */
          extra?: unknown;
          /** Seed number (Number). Default: 0 */
          "seed-number"?: number | null;
        };
        outputs: [image: string, seed: number];
      };
      "/variations": {
        inputs: {
          /** Image (Image) */
          image: string | null;
        };
        outputs: [pictures: Picture[]];
      };
    };
    "ada/slider": {
      "/compare": {
        inputs: {
          /** Image (Image) */
          image: string | null;
        };
        outputs: [both: [string, string]];
      };
      "/_hidden": {
        documented: false;
        inputs: Record<never, never>;
        outputs: [];
      };
    };
    "ada/tones": {
      "/tone": {
        inputs: {
          /** Tone (Radio) */
          tone: "warm" | "cold" | null;
          /** Tones (CheckboxGroup) */
          tones: ("warm" | "cold")[];
        };
        outputs: [];
      };
    };
    "http://127.0.0.1:7860": {
      "/predict": {
        inputs: {
          /** Text (Textbox) */
          text: string;
        };
        outputs: [data: unknown];
      };
      "/other": {
        inputs: Record<never, never>;
        outputs: [text: string];
      };
    };
  }
}
