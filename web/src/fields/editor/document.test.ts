import { expect, it } from "vitest";
import {
  cleared,
  cropped,
  History,
  type Sketch,
  withLayerMoved,
  withLayerShown,
  withNewLayer,
  withoutLayer,
  withStroke,
} from "./document.ts";

const blank: Sketch = {
  x: 0,
  y: 0,
  width: 80,
  height: 60,
  background: null,
  layers: [{ id: 1, name: "Layer 1", isVisible: true, marks: [] }],
  selected: 1,
};
const stroke = { type: "stroke", points: [1, 2], colour: "#000", size: 4, isErasing: false } as const;
const names = (sketch: Sketch) => sketch.layers.map(({ name }) => name);

it("strokes go to the selected layer", () => {
  const two = withStroke(withNewLayer(blank), stroke);
  expect(two.layers.map(({ marks }) => marks.length)).toEqual([0, 1]);
});

it("a layer is added above the selected one, moved, hidden and deleted; the last one is emptied", () => {
  const three = withNewLayer({ ...withNewLayer(blank), selected: 1 });
  expect(names(three)).toEqual(["Layer 1", "Layer 3", "Layer 2"]);
  expect(names(withLayerMoved(three, 3, 1))).toEqual(["Layer 1", "Layer 2", "Layer 3"]);
  expect(withLayerMoved(three, 1, -1)).toBe(three);
  expect(withLayerShown(three, 2, false).layers.map(({ isVisible }) => isVisible)).toEqual([
    true,
    true,
    false,
  ]);
  const without = withoutLayer(three, 3);
  expect([names(without), without.selected]).toEqual([["Layer 1", "Layer 2"], 1]);
  const last = withoutLayer(withStroke(blank, stroke), 1);
  expect([names(last), last.layers[0]?.marks]).toEqual([["Layer 1"], []]);
});

it("a crop is counted from what is cropped already, in whole pixels", () => {
  const twice = cropped(cropped(blank, 10.4, 5, 50, 40), 1, 2, 0.2, 30.6);
  expect(twice).toMatchObject({ x: 11, y: 7, width: 1, height: 31 });
});

it("what was done is undone and done again; a new change forgets what was undone", () => {
  const history = new History(blank);
  history.change(withStroke(history.now, stroke));
  history.change(cleared(history.now));
  history.undo();
  expect(history.now.layers[0]?.marks).toHaveLength(1);
  history.undo();
  expect([history.now, history.canUndo]).toEqual([blank, false]);
  history.redo();
  expect(history.canRedo).toBe(true);
  history.change(withNewLayer(history.now));
  expect(history.canRedo).toBe(false);
  history.select(1);
  history.undo();
  expect(names(history.now)).toEqual(["Layer 1"]);
});
