import * as THREE from "three";
import basisScript from "three/examples/jsm/libs/basis/basis_transcoder.js?url";
import basisCode from "three/examples/jsm/libs/basis/basis_transcoder.wasm?url";
import dracoCode from "three/examples/jsm/libs/draco/gltf/draco_decoder.wasm?url";
import dracoScript from "three/examples/jsm/libs/draco/gltf/draco_wasm_wrapper.js?url";
import { endingOf } from "../../media/file-kinds.ts";

/** In the place of a texture that is somewhere else. */
const whiteDot =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII=";

export interface Loaded {
  readonly object: THREE.Object3D;
  readonly notes: readonly string[];
}

/** Reads a model of any of Gradio's formats but splats. Decoders are ours; parts on other hosts are left out. */
export async function load(address: string, name: string, renderer: THREE.WebGLRenderer): Promise<Loaded> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error("The server does not have this file any more.");
  const bytes = await answer.arrayBuffer();
  const notes: string[] = [];
  const manager = new THREE.LoadingManager();
  manager.setURLModifier((url) => {
    if (/basis_transcoder\.js$/.test(url)) return basisScript;
    if (/basis_transcoder\.wasm$/.test(url)) return basisCode;
    if (/^(blob|data):/i.test(url) || url === dracoScript || url === dracoCode) return url;
    if (notes.length === 0)
      notes.push(
        "It names other files (textures or data), which are not loaded. A .glb holds everything in one file.",
      );
    return whiteDot;
  });
  try {
    return { object: await parse(bytes, name, manager, renderer), notes };
  } catch (error) {
    throw new Error(`${name} is damaged or of another format (${(error as Error).message.split("\n")[0]}).`);
  }
}

async function parse(
  bytes: ArrayBuffer,
  name: string,
  manager: THREE.LoadingManager,
  renderer: THREE.WebGLRenderer,
): Promise<THREE.Object3D> {
  switch (endingOf(name)) {
    case "glb":
    case "gltf":
      return loadGltf(bytes, manager, renderer);
    case "obj": {
      const { OBJLoader } = await import("three/examples/jsm/loaders/OBJLoader.js");
      return withMaterial(new OBJLoader(manager).parse(new TextDecoder().decode(bytes)));
    }
    case "stl": {
      const { STLLoader } = await import("three/examples/jsm/loaders/STLLoader.js");
      return ofGeometry(new STLLoader(manager).parse(bytes));
    }
    case "ply": {
      const { PLYLoader } = await import("three/examples/jsm/loaders/PLYLoader.js");
      return ofGeometry(new PLYLoader(manager).parse(bytes));
    }
    default:
      throw new Error("3D models are .glb, .gltf, .obj, .stl, .ply or .splat");
  }
}

async function loadGltf(
  bytes: ArrayBuffer,
  manager: THREE.LoadingManager,
  renderer: THREE.WebGLRenderer,
): Promise<THREE.Object3D> {
  const { GLTFLoader } = await import("three/examples/jsm/loaders/GLTFLoader.js");
  const loader = new GLTFLoader(manager);
  const head = new TextDecoder("latin1").decode(
    new Uint8Array(bytes, 0, Math.min(bytes.byteLength, 200_000)),
  );
  const ends: (() => void)[] = [];
  if (head.includes("KHR_draco_mesh_compression")) {
    const { DRACOLoader } = await import("three/examples/jsm/loaders/DRACOLoader.js");
    const draco = new DRACOLoader(manager).setDecoderPath({ js: dracoScript, wasm: dracoCode } as never);
    loader.setDRACOLoader(draco);
    ends.push(() => draco.dispose());
  }
  if (head.includes("KHR_texture_basisu")) {
    const { KTX2Loader } = await import("three/examples/jsm/loaders/KTX2Loader.js");
    const basis = new KTX2Loader(manager).setTranscoderPath("").detectSupport(renderer);
    loader.setKTX2Loader(basis);
    ends.push(() => basis.dispose());
  }
  if (head.includes("EXT_meshopt_compression")) {
    const { MeshoptDecoder } = await import("three/examples/jsm/libs/meshopt_decoder.module.js");
    loader.setMeshoptDecoder(MeshoptDecoder);
  }
  try {
    return (await loader.parseAsync(bytes, "")).scene;
  } finally {
    for (const end of ends) end();
  }
}

const plain = () =>
  new THREE.MeshStandardMaterial({
    color: "#c9c9c2",
    roughness: 0.75,
    metalness: 0.05,
    side: THREE.DoubleSide,
  });

function ofGeometry(geometry: THREE.BufferGeometry): THREE.Object3D {
  const hasColours = geometry.hasAttribute("color");
  if (geometry.index === null && geometry.getAttribute("normal") === undefined)
    return new THREE.Points(geometry, pointsMaterial(hasColours));
  if (geometry.getAttribute("normal") === undefined) geometry.computeVertexNormals();
  const material = plain();
  if (hasColours) {
    material.vertexColors = true;
    material.color.set("#ffffff");
  }
  return new THREE.Mesh(geometry, material);
}

function withMaterial(object: THREE.Object3D): THREE.Object3D {
  object.traverse((part) => {
    if (part instanceof THREE.Mesh) {
      part.material = plain();
      if (part.geometry.getAttribute("normal") === undefined) part.geometry.computeVertexNormals();
    }
  });
  return object;
}

export function pointsMaterial(hasColours: boolean): THREE.PointsMaterial {
  return new THREE.PointsMaterial({
    size: 2,
    sizeAttenuation: false,
    vertexColors: hasColours,
    ...(hasColours ? {} : { color: "#8f8f86" }),
  });
}
