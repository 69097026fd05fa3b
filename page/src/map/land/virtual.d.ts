declare module "virtual:land" {
  /** Where the file is that page/land.ts makes. */
  export const landUrl: string;
}
