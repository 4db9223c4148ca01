declare module "plotly.js-basic-dist-min";
declare module "plotly.js-strict-dist-min";
