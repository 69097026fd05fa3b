declare module "virtual:land" {
  /** JSON of what page/land.ts makes. */
  export const packed: string;
}
