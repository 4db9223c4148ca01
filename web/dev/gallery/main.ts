import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "../../src/theme/tokens.css";
import "../../src/theme/base.css";
import "../../src/cards/cards.css";
import "../../src/fields/fields.css";
import "../../src/sheets/bars.css";
import "./gallery.css";
import { mount } from "svelte";
import { type SampleFiles, samples } from "../samples.ts";
import Gallery from "./Gallery.svelte";

/** The server of the page makes the files; they get their names there. */
const files = (await (await fetch("/dev/files.json")).json()) as SampleFiles;
mount(Gallery, { target: document.getElementById("app")!, props: { samples: samples(files) } });
