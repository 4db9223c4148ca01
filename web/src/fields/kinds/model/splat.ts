import * as SPLAT from "gsplat";
import { cameraOf, listenToKeys, type Stage, type StageOptions, stageCanvas } from "./view.ts";

/** Gaussian splats (.splat, and .ply that holds them). They are sorted in a worker, so a change is drawn for a while. */
export async function openSplat(
  options: StageOptions,
): Promise<Stage & { readonly notes: readonly string[] }> {
  const { props, background, address, name } = options;
  const answer = await fetch(address);
  if (!answer.ok) throw new Error("The server does not have this file any more.");
  const bytes = await answer.arrayBuffer();
  const scene = new SPLAT.Scene();
  let splat: SPLAT.Splat;
  if (/\.ply$/i.test(name)) splat = SPLAT.PLYLoader.LoadFromArrayBuffer(bytes, scene);
  else if (bytes.byteLength === 0 || bytes.byteLength % 32 !== 0)
    throw new Error("This is no .splat file: it has no whole number of splats.");
  else splat = SPLAT.Loader.LoadFromArrayBuffer(bytes, scene);
  const canvas = stageCanvas(name);
  const renderer = new SPLAT.WebGLRenderer(canvas);
  const [red, green, blue, alpha] = (background ?? [0, 0, 0, 0]).map((part) => Math.round(part * 255));
  renderer.backgroundColor = new SPLAT.Color32(red!, green!, blue!, alpha!);
  const camera = new SPLAT.Camera();
  const start = cameraOf(props);
  const { centre, reach } = extentOf(splat.data.positions);
  const radius = start.radius ?? (reach / Math.sin(Math.PI / 9)) * 1.05;
  let place = { alpha: start.alpha, beta: Math.PI / 2 - start.beta, radius };
  let controls: SPLAT.OrbitControls | undefined;
  const begin = () => {
    controls?.dispose();
    controls = new SPLAT.OrbitControls(camera, canvas, place.alpha, place.beta, place.radius, false, centre);
    awake();
  };

  let until = 0;
  let frame = 0;
  const step = () => {
    frame = 0;
    controls?.update();
    renderer.render(scene, camera);
    if (performance.now() < until) frame = requestAnimationFrame(step);
  };
  const awake = () => {
    until = performance.now() + 1500;
    if (frame === 0) frame = requestAnimationFrame(step);
  };
  for (const event of ["pointerdown", "pointermove", "wheel", "touchmove", "mousemove"])
    canvas.addEventListener(event, awake, { passive: true });
  const stage: Stage = {
    canvas,
    draw: awake,
    resize(width, height) {
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
      renderer.setSize(Math.round(width * 1.5), Math.round(height * 1.5));
      camera.data.fx = camera.data.fy = (height * 1.5) / (2 * Math.tan(Math.PI / 9));
      awake();
    },
    turn(right, down) {
      place = {
        ...place,
        alpha: place.alpha + right,
        beta: Math.max(-1.5, Math.min(1.5, place.beta + down)),
      };
      begin();
    },
    zoom(by) {
      place = { ...place, radius: Math.max(0.2, Math.min(200, place.radius * by)) };
      begin();
    },
    reset() {
      place = { alpha: start.alpha, beta: Math.PI / 2 - start.beta, radius };
      begin();
    },
    destroy() {
      cancelAnimationFrame(frame);
      until = 0;
      controls?.dispose();
      renderer.dispose();
      renderer.gl.getExtension("WEBGL_lose_context")?.loseContext();
    },
  };
  begin();
  listenToKeys(stage, canvas);
  return { ...stage, notes: [] };
}

/** Whether a .ply holds splats rather than points or triangles. */
export async function plyIsSplat(address: string): Promise<boolean> {
  const answer = await fetch(address, { headers: { range: "bytes=0-4095" } });
  return new TextDecoder("latin1").decode(await answer.arrayBuffer()).includes("f_dc_0");
}

/** Where most of the splats are; a few that fly far away do not count. */
function extentOf(positions: Float32Array): { centre: SPLAT.Vector3; reach: number } {
  const count = positions.length / 3;
  const middle = [0, 1, 2].map((axis) => {
    const along = Float32Array.from({ length: count }, (_, at) => positions[at * 3 + axis]!).sort();
    return along[Math.floor(count / 2)] ?? 0;
  });
  const far = Float32Array.from({ length: count }, (_, at) =>
    Math.hypot(...middle.map((value, axis) => positions[at * 3 + axis]! - value)),
  ).sort();
  return {
    centre: new SPLAT.Vector3(middle[0], middle[1], middle[2]),
    reach: far[Math.floor(count * 0.95)] || 1,
  };
}
