import * as THREE from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
import { RoomEnvironment } from "three/examples/jsm/environments/RoomEnvironment.js";
import { numeric } from "../../dom.ts";
import { load, pointsMaterial } from "./load.ts";
import { cameraOf, listenToKeys, type Stage, type StageOptions, stageCanvas } from "./view.ts";

/** A model in its own light, drawn when it is turned and at no other time. */
export async function openScene(
  options: StageOptions,
): Promise<Stage & { readonly notes: readonly string[] }> {
  const { props, background } = options;
  const canvas = stageCanvas(options.name);
  const renderer = new THREE.WebGLRenderer({
    canvas,
    antialias: true,
    alpha: true,
    preserveDrawingBuffer: true,
  });
  renderer.setPixelRatio(Math.min(2, devicePixelRatio * 1.25));
  if (background === null) renderer.setClearColor(0x000000, 0);
  else
    renderer.setClearColor(
      new THREE.Color().setRGB(background[0], background[1], background[2], THREE.SRGBColorSpace),
      background[3],
    );
  const dispose = () => {
    renderer.dispose();
    renderer.forceContextLoss();
  };
  try {
    const { object, notes } = await load(options.address, options.name, renderer);
    return { ...stageOf(object, renderer, canvas, props, dispose), notes };
  } catch (error) {
    dispose();
    throw error;
  }
}

function stageOf(
  object: THREE.Object3D,
  renderer: THREE.WebGLRenderer,
  canvas: HTMLCanvasElement,
  props: StageOptions["props"],
  dispose: () => void,
): Stage {
  const scene = new THREE.Scene();
  const room = hasMetal(object) ? roomOf(renderer) : undefined;
  if (room !== undefined) {
    scene.environment = room.texture;
    scene.environmentIntensity = 0.75;
  }
  scene.add(new THREE.HemisphereLight(0xffffff, 0xb8b8b0, room === undefined ? 2.2 : 0.4));
  const lamp = new THREE.DirectionalLight(0xffffff, 1.2);
  const shown = asMode(object, props["displayMode"]);
  const box = new THREE.Box3().setFromObject(shown);
  if (box.isEmpty()) throw new Error("The model has no points.");
  const centre = box.getCenter(new THREE.Vector3());
  const reach = Math.max(box.getSize(new THREE.Vector3()).length() / 2, 1e-6);
  shown.position.sub(centre);
  scene.add(shown);
  const camera = new THREE.PerspectiveCamera(40, 1, reach / 100, reach * 100);
  camera.add(lamp);
  lamp.position.set(reach, reach, reach);
  scene.add(camera);
  const { alpha, beta, radius } = cameraOf(props);
  const home = new THREE.Vector3().setFromSphericalCoords(
    radius ?? (reach / Math.sin((20 * Math.PI) / 180)) * 1.05,
    beta,
    alpha,
  );

  const controls = new OrbitControls(camera, canvas);
  controls.enableDamping = false;
  controls.zoomSpeed = numeric(props["zoomSpeed"]) ?? 1;
  controls.panSpeed = numeric(props["panSpeed"]) ?? 1;
  controls.minDistance = reach / 20;
  controls.maxDistance = reach * 40;
  const draw = () => renderer.render(scene, camera);
  controls.addEventListener("change", draw);

  const place = new THREE.Spherical();
  const moveTo = (change: () => void) => {
    place.setFromVector3(camera.position.clone().sub(controls.target));
    change();
    place.phi = Math.max(0.01, Math.min(Math.PI - 0.01, place.phi));
    place.radius = Math.max(controls.minDistance, Math.min(controls.maxDistance, place.radius));
    camera.position.setFromSpherical(place).add(controls.target);
    controls.update();
    draw();
  };
  const stage: Stage = {
    canvas,
    draw,
    resize(width, height) {
      renderer.setSize(width, height, false);
      camera.aspect = width / Math.max(1, height);
      camera.updateProjectionMatrix();
      draw();
    },
    turn: (right, down) =>
      moveTo(() => {
        place.theta += right;
        place.phi += down;
      }),
    zoom: (by) =>
      moveTo(() => {
        place.radius *= by;
      }),
    reset() {
      camera.position.copy(home);
      controls.target.set(0, 0, 0);
      controls.update();
      draw();
    },
    destroy() {
      controls.dispose();
      room?.dispose();
      shown.traverse((part) => {
        if (!(part instanceof THREE.Mesh || part instanceof THREE.Points)) return;
        part.geometry.dispose();
        for (const material of [part.material].flat()) material.dispose();
      });
      dispose();
    },
  };
  camera.position.copy(home);
  listenToKeys(stage, canvas);
  return stage;
}

/** Gradio's `displayMode`: `solid`, `wireframe` or `point_cloud`. */
function asMode(object: THREE.Object3D, mode: unknown): THREE.Object3D {
  if (mode !== "wireframe" && mode !== "point_cloud") return object;
  const points = new THREE.Group();
  object.updateMatrixWorld(true);
  object.traverse((part) => {
    if (!(part instanceof THREE.Mesh)) return;
    if (mode === "wireframe")
      for (const material of [part.material].flat())
        (material as THREE.MeshStandardMaterial).wireframe = true;
    else {
      const cloud = new THREE.Points(part.geometry, pointsMaterial(part.geometry.hasAttribute("color")));
      cloud.applyMatrix4(part.matrixWorld);
      points.add(cloud);
    }
  });
  return mode === "wireframe" || points.children.length === 0 ? object : points;
}

/** Metal shows what is around it and is black where there is nothing; a room to be seen in costs time to make. */
function hasMetal(object: THREE.Object3D): boolean {
  let isMetal = false;
  object.traverse((part) => {
    if (!(part instanceof THREE.Mesh)) return;
    for (const material of [part.material].flat())
      if (material instanceof THREE.MeshStandardMaterial && material.metalness > 0.3) isMetal = true;
  });
  return isMetal;
}

function roomOf(renderer: THREE.WebGLRenderer): THREE.WebGLRenderTarget {
  const light = new THREE.PMREMGenerator(renderer);
  const room = light.fromScene(new RoomEnvironment(), 0.04);
  light.dispose();
  return room;
}
