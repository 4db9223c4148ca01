/** Stands in for d3-color where no colour is ever animated; see vite.config.ts. A `function`, for d3 asks `instanceof`. */
function none(): null {
  return null;
}

export { none as color, none as cubehelix, none as hcl, none as hsl, none as lab, none as rgb };
