/** "0:47:03", "12:03"; past: "was due 5 min ago". */
export function countdownOf(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  const s = Math.round(Math.abs(seconds));
  if (seconds < 0)
    return `was due ${s < 60 ? `${s} s` : s < 7200 ? `${Math.floor(s / 60)} min` : `${Math.floor(s / 3600)} h`} ago`;
  const two = (n: number): string => String(n).padStart(2, "0");
  const [h, min] = [Math.floor(s / 3600), Math.floor(s / 60) % 60];
  return h ? `${h}:${two(min)}:${two(s % 60)}` : `${two(min)}:${two(s % 60)}`;
}
