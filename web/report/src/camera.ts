/** The eye: moves over the plane, or around particles in space. Without perspective, so that lengths can be compared. */

import { MOUSE, OrthographicCamera, TOUCH, Vector3 } from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";

import type { Triple } from "./space";

export type View = "2d" | "3d";

const AZIMUTH = (-60 * Math.PI) / 180;
const ELEVATION = (22 * Math.PI) / 180;
const DISTANCE = 20;
/** Half of what is seen of the plane along the shorter edge of the picture, where the longest edge of the box is 1. */
const HALF_OF_PLANE = 0.54;
const MOST_ZOOM = 2000;

export class Eye {
  readonly camera = new OrthographicCamera(-1, 1, 1, -1, 0.1, 2 * DISTANCE);
  private controls: OrbitControls;
  private aspect = 1;

  /**
   * size: of the box around all particles
   * changed: is called whenever the picture has to be drawn again
   */
  constructor(
    private readonly canvas: HTMLElement,
    private view: View,
    private readonly size: Triple,
    private readonly changed: () => void,
  ) {
    this.controls = this.newControls();
    this.reset();
  }

  get is3d(): boolean {
    return this.view === "3d";
  }

  show(view: View): void {
    this.view = view;
    this.controls.dispose();
    this.controls = this.newControls();
    this.reset();
  }

  /** Shows everything, as at the start. */
  reset(): void {
    this.controls.target.set(0, 0, 0);
    const [across, up] = this.is3d ? [Math.cos(ELEVATION), Math.sin(ELEVATION)] : [0, 1];
    this.camera.position.set(across * Math.cos(AZIMUTH), across * Math.sin(AZIMUTH), up).multiplyScalar(DISTANCE);
    this.camera.zoom = 1;
    this.fit(this.aspect);
    this.controls.update();
    this.changed();
  }

  /** Fits the picture to a canvas of this width over height. */
  fit(aspect: number): void {
    this.aspect = aspect;
    // In space a little less than the box needs in the worst of directions, so that its numbers still have room.
    const half = (this.is3d ? 0.48 * Math.hypot(...this.size) : HALF_OF_PLANE) / Math.min(1, aspect);
    [this.camera.left, this.camera.right] = [-half * aspect, half * aspect];
    [this.camera.bottom, this.camera.top] = [-half, half];
    this.camera.updateProjectionMatrix();
  }

  zoomBy(factor: number): void {
    this.camera.zoom = Math.min(MOST_ZOOM, Math.max(this.controls.minZoom, this.camera.zoom * factor));
    this.camera.updateProjectionMatrix();
    this.changed();
  }

  /** Moves over the plane, or around in space, by parts of the picture. */
  moveBy(right: number, up: number): void {
    if (this.is3d) {
      const offset = this.camera.position.clone().sub(this.controls.target);
      const elevation = Math.min(1.55, Math.max(-1.55, Math.asin(offset.z / offset.length()) + up));
      const azimuth = Math.atan2(offset.y, offset.x) + right;
      offset.set(Math.cos(elevation) * Math.cos(azimuth), Math.cos(elevation) * Math.sin(azimuth), Math.sin(elevation));
      this.camera.position.copy(this.controls.target).addScaledVector(offset, DISTANCE);
    } else {
      const width = (this.camera.right - this.camera.left) / this.camera.zoom;
      const move = new Vector3(right * width, up * width, 0);
      this.camera.position.add(move);
      this.controls.target.add(move);
    }
    this.controls.update();
    this.changed();
  }

  private newControls(): OrbitControls {
    // Before the controls, which look at it once.
    this.camera.up.set(0, this.is3d ? 0 : 1, this.is3d ? 1 : 0);
    const controls = new OrbitControls(this.camera, this.canvas);
    controls.enableRotate = this.is3d;
    controls.screenSpacePanning = true;
    controls.zoomToCursor = true;
    controls.minZoom = 0.2;
    controls.maxZoom = MOST_ZOOM;
    if (!this.is3d) {
      controls.mouseButtons = { LEFT: MOUSE.PAN, MIDDLE: MOUSE.DOLLY, RIGHT: MOUSE.PAN };
      controls.touches = { ONE: TOUCH.PAN, TWO: TOUCH.DOLLY_PAN };
    }
    controls.addEventListener("change", this.changed);
    return controls;
  }
}
