import { graph } from "./app.ts";

const { url } = await graph.launch({ port: Number(process.env.PORT), open: false });
console.log(url);
