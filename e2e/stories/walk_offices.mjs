import { walk } from "../walk.mjs";
import { WALKS } from "../walks.mjs";

export const name = "walk: every page of an office's own matters, and who helps it: axe in three looks, 320 px, on paper";

export async function run(t) {
  for (const part of WALKS.offices) await walk(t, part);
}
