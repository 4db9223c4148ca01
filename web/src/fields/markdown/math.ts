/** Formulas and the fonts they are set in: fetched when a text has one. */
import "katex/dist/katex.min.css";

export { default as katex } from "katex";
