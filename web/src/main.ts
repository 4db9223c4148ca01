import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "./theme/tokens.css";
import "./theme/base.css";
import "./theme/contrast.css";
import "./cards/cards.css";
import "./fields/fields.css";
import "./sheets/bars.css";
import { mount } from "svelte";
import AppView from "./App.svelte";
import { socketUrl } from "./connection/connection.ts";
import { App } from "./state/app.svelte.ts";

const app = new App();
mount(AppView, { target: document.getElementById("app")!, props: { app } });
app.connect(socketUrl(location));
void import("./state/focus-keeper.ts").then(({ keepFocus }) => keepFocus());
