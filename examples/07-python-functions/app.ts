/** Python functions in a TypeScript graph: tools.py is started with the graph and ends with it. */
import { FnNode, GradioNode, Graph, gr } from "daggr";

interface Found {
  smoothed: number[];
  outliers: number[];
}

const measure = new FnNode(
  ({ days, faults }: { days: number; faults: number }) => {
    const readings = Array.from(
      { length: days },
      (_, day) => 12 + 6 * Math.sin(day / 9) + 0.5 * Math.sin(day * 7.3),
    );
    // A sensor in the sun, now and then.
    for (let fault = 1; fault <= faults; fault++) readings[Math.floor((fault * days) / (faults + 1))]! += 9;
    return readings.map((reading) => Math.round(reading * 10) / 10);
  },
  {
    name: "measure",
    inputs: {
      days: gr.Slider({ label: "Days", minimum: 20, maximum: 120, step: 1, value: 60 }),
      faults: gr.Slider({ label: "Faults", minimum: 0, maximum: 6, step: 1, value: 3 }),
    },
    outputs: { readings: gr.JSON<number[]>({ label: "Readings", visible: false }) },
  },
);

const smooth = new GradioNode("./tools.py", {
  name: "smooth",
  apiName: "/smooth",
  inputs: { readings: measure.readings, window: gr.Number({ label: "Window", value: 7 }) },
  outputs: { found: gr.JSON<Found>({ label: "Found", visible: false }) },
});

const chart = new GradioNode("./tools.py", {
  name: "chart",
  apiName: "/chart",
  inputs: { readings: measure.readings, found: smooth.found },
  outputs: { image: gr.Image({ label: "Chart" }) },
});

const report = new FnNode(
  ({ readings, found }: { readings: number[]; found: Found }) => {
    const days = found.outliers.map((day) => `day ${day + 1} (${readings[day]} °C)`);
    return days.length === 0 ? "Every reading is plausible." : `Look at the sensor: ${days.join(", ")}.`;
  },
  {
    name: "report",
    inputs: { readings: measure.readings, found: smooth.found },
    outputs: { text: gr.Textbox({ label: "Report", lines: 3 }) },
  },
);

export const graph = new Graph({ name: "Python functions", nodes: [measure, smooth, chart, report] });

await graph.launch();
