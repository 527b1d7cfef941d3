// Asks the browser for a passkey and hands it over by a plain form. No words here: they stand in the templates.

const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const credential = (id) => ({ type: "public-key", id: toBytes(id) });

async function make(o) {
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: toBytes(o.challenge),
      rp: { id: o.rpId, name: o.rpId },
      user: { id: toBytes(o.userId), name: o.userName, displayName: o.displayName },
      pubKeyCredParams: o.algorithms.map((alg) => ({ type: "public-key", alg })),
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      excludeCredentials: o.exclude.map(credential),
      attestation: "none",
      timeout: 120000,
    },
  });
  const said = made.response;
  return { id: made.id, client_data: toText(said.clientDataJSON), attestation: toText(said.attestationObject) };
}

async function use(o) {
  const used = await navigator.credentials.get({
    publicKey: { challenge: toBytes(o.challenge), rpId: o.rpId, allowCredentials: o.allow.map(credential), userVerification: "required", timeout: 120000 },
  });
  const said = used.response;
  return {
    id: used.id,
    client_data: toText(said.clientDataJSON),
    authenticator_data: toText(said.authenticatorData),
    signature: toText(said.signature),
    user_handle: said.userHandle ? toText(said.userHandle) : "",
  };
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  // Browsers make none for an address without a name.
  if (!globalThis.PublicKeyCredential || /^[\d.]+$|:/.test(location.hostname)) continue;
  const button = form.querySelector("button[data-ask]");
  const failed = form.querySelector("[data-failed]");
  form.hidden = false;
  button.addEventListener("click", async () => {
    button.setAttribute("aria-disabled", "true");
    failed.hidden = true;
    try {
      const answer = await fetch(form.dataset.options, { headers: { accept: "application/json" } });
      if (!answer.ok || answer.redirected) return location.reload();
      const options = await answer.json();
      form.elements.answer.value = JSON.stringify(form.dataset.passkey === "make" ? await make(options) : await use(options));
      form.submit();
    } catch {
      failed.hidden = false;
      button.removeAttribute("aria-disabled");
    }
  });
}
