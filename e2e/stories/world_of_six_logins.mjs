// Last of all stories: it takes consents back that others need.

import { circle } from "../circle.mjs";
import { ITEMS } from "../desk.mjs";

export const name = "the whole circle across six logins: application, opinion, board, result, who looked, consent taken back";

export const run = (t) => circle(t, { items: ITEMS.kiyoshi, citizen: "kiyoshi", kind: "3", javaScript: true });
