// Second factor as an authenticator app computes it: RFC 6238 with SHA-1, steps of 30 seconds, 6 digits.

import { createHmac } from "node:crypto";

export const STEP_SECONDS = 30;

/** The code of one step; `secret` in Base32 (RFC 4648). */
export function totp(secret, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const offset = digest[19] & 0x0f;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

export function stepAt(milliseconds) {
  return Math.floor(milliseconds / 1000 / STEP_SECONDS);
}

function fromBase32(text) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...text.toUpperCase().replace(/[\s=]/g, "")].map((letter) => {
    const value = alphabet.indexOf(letter);
    if (value < 0) throw new Error(`"${letter}" is not a Base32 letter`);
    return value.toString(2).padStart(5, "0");
  });
  return Buffer.from((bits.join("").match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
