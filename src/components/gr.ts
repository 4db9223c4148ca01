// Text

export { Code, ColorPicker, DateTime, HTML, Markdown, Text, TextArea, Textbox } from "./text.ts";

// Numbers

export { Number, Slider } from "./number.ts";

// Choices

export { Checkbox, CheckboxGroup, Dropdown, Radio } from "./choice.ts";

// Files

export { Audio, File, Gallery, Image, ImageEditor, ImageSlider, Model3D, Video } from "./media.ts";

// Data

export { Chatbot, Dataframe, HighlightedText, JSON, Label, Plot } from "./data.ts";

// Structure

export { Hidden, ItemList } from "./structure.ts";
