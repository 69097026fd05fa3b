declare module "virtual:land" {
  /** Where the files are that page/land.ts makes: the land, and the rough one for the first picture. */
  export const landUrl: string;
  export const roughUrl: string;
}
