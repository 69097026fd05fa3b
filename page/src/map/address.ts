/** The camera in the address of the page: map=zoom/lat/lon, as people write and send it. */

import type { Camera } from "./camera";

const NEAREST = 18;
export const FURTHEST = 2;

/** "7.5/59.35/24.1" -> camera; null for what makes no sense. */
export function cameraOf(text: string | null): Camera | null {
  const parts = (text ?? "").split("/").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const [zoom, latDeg, lonDeg] = parts as [number, number, number];
  if (parts.length !== 3 || !parts.every(Number.isFinite)) return null;
  if (Math.abs(latDeg) > 85 || Math.abs(lonDeg) > 180) return null;
  return { zoom: Math.min(NEAREST, Math.max(FURTHEST, zoom)), latDeg, lonDeg };
}

/** A camera as text, no finer than a pixel. */
export function textOf({ zoom, latDeg, lonDeg }: Camera): string {
  const digits = Math.max(2, Math.ceil(zoom / 3) + 1);
  const round = (value: number): string => String(Number(value.toFixed(digits)));
  return `${Number(zoom.toFixed(2))}/${round(latDeg)}/${round(wrapped(lonDeg))}`;
}

const wrapped = (lonDeg: number): number => ((((lonDeg + 180) % 360) + 360) % 360) - 180;
