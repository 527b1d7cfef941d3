import { walk } from "../walk.mjs";
import { WALKS } from "../walks.mjs";

export const name = "walk: every page of the portal: axe in three looks, 320 px, on paper";

export async function run(t) {
  for (const part of WALKS.portal) await walk(t, part);
}
