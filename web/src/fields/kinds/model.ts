import { fileField, fileLine } from "../files.ts";

/** Models are not drawn: their name, size and a way to fetch them. */
export const mount = fileField({
  accept: ".glb,.gltf,.obj,.stl,.ply,.splat,model/*",
  noun: "a 3D model",
  show(element, file) {
    element.append(fileLine(file));
  },
});
